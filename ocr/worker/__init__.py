"""Our own RunPod worker: the other end of `ocr.transports.runpod_pdf`, in the image that `ocr/Dockerfile` makes.

`python -m ocr.worker` starts it; nothing else of autoreader imports it.
"""
