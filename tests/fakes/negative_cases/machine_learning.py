"""Mostly machine learning, as its readers are the most: no paper in here exists."""

from __future__ import annotations

from tests.fakes.negative_cases.case import NegativeCase

MACHINE_LEARNING = (
    NegativeCase(
        "image segmentation with deep networks",
        "medical imaging",
        (
            "Segmenting tumours in MRI scans with a U-Net. We train a convolutional network to outline brain tumours "
            "in magnetic resonance images of patients and report Dice scores from three hospitals."
        ),
        (
            "Panoptic segmentation of street scenes with transformers. We segment every object and surface of urban "
            "driving images with a mask transformer and reach a new best on two street benchmarks."
        ),
    ),
    NegativeCase(
        "graph neural networks",
        "molecules and drug discovery",
        (
            "Message passing networks for predicting molecular toxicity. A graph neural network reads molecules as "
            "graphs of atoms and bonds and predicts toxicity for drug discovery screening."
        ),
        (
            "Why deep graph neural networks oversmooth. We analyse how node representations of graph neural networks "
            "collapse with depth and propose a normalisation that keeps them apart."
        ),
    ),
    NegativeCase(
        "large language models for question answering",
        "clinical",
        (
            "Answering clinicians' questions with a language model. We evaluate a large language model on question "
            "answering over electronic health records and clinical notes from two hospitals."
        ),
        (
            "Open-domain question answering with retrieved passages. A large language model answers factual questions"
            " from retrieved encyclopedia passages and abstains when evidence is missing."
        ),
    ),
    NegativeCase(
        "dense retrieval",
        "legal documents",
        (
            "Dense retrieval of court decisions. We train a dual encoder that retrieves legal documents and statutes "
            "for lawyers' questions."
        ),
        (
            "Hard negatives for dense retrieval. We mine hard negatives for dual encoders and improve passage "
            "retrieval on two web search collections."
        ),
    ),
    NegativeCase(
        "reinforcement learning",
        "games such as chess, Go or Atari",
        (
            "Reinforcement learning masters Atari from few frames. An agent learns Atari games and chess from a model"
            " of the game with fewer frames."
        ),
        (
            "Off-policy reinforcement learning for continuous control. We bound the error of value estimates in off-"
            "policy actor-critic learning and test on locomotion tasks."
        ),
    ),
    NegativeCase(
        "reinforcement learning for robots",
        "simulation only",
        (
            "Reinforcement learning of robot gaits in simulation. All experiments are in simulation only, where "
            "policies of robots learn to walk on terrain in a physics simulator."
        ),
        (
            "Reinforcement learning on a real robot arm in two hours. A robot arm learns to insert plugs by "
            "reinforcement learning directly on hardware."
        ),
    ),
    NegativeCase(
        "diffusion models for generating images",
        "faces and deepfakes",
        (
            "Swapping faces with diffusion models. We present a diffusion model that generates deepfakes by swapping "
            "faces in photographs while keeping expression and light."
        ),
        (
            "Faster sampling of image diffusion models. We distil the sampler of a diffusion model so that images of "
            "the same quality are generated in four steps."
        ),
    ),
    NegativeCase(
        "speech recognition",
        "children's speech",
        (
            "Recognising children's speech with adapted acoustic models. Children's speech differs in pitch; we adapt"
            " speech recognition models to children from age five."
        ),
        (
            "Streaming speech recognition with transducers. A transducer recognises long audio as a stream with low "
            "latency and fewer word errors."
        ),
    ),
    NegativeCase(
        "time series forecasting",
        "stock prices and finance",
        (
            "Forecasting stock prices with attention. We forecast time series of stock prices and exchange rates and "
            "report trading returns in financial markets."
        ),
        (
            "Forecasting electricity load with linear models. Simple linear models forecast hourly time series of "
            "electricity load and traffic better than transformers."
        ),
    ),
    NegativeCase(
        "federated learning",
        "blockchain",
        (
            "Federated learning on a blockchain. A blockchain records model updates so that federated learning needs "
            "no trusted server."
        ),
        (
            "Personalised federated learning under label shift. Clients with different label distributions keep a "
            "personal head in federated learning and lose less accuracy."
        ),
    ),
    NegativeCase(
        "object detection",
        "autonomous driving",
        (
            "Detecting pedestrians for autonomous driving. We detect objects in LiDAR and camera data of self-driving"
            " cars at night."
        ),
        (
            "Detecting objects with few labels. A detector learns new object classes from ten labelled boxes by "
            "matching proposals to prototypes."
        ),
    ),
    NegativeCase(
        "exoplanet atmospheres",
        "hot Jupiters",
        (
            "Water in the atmosphere of a hot Jupiter. Transmission spectra of a hot Jupiter show water and sodium in"
            " the atmosphere of the exoplanet."
        ),
        (
            "Atmospheres of rocky exoplanets around M dwarfs. We model whether rocky exoplanets keep their "
            "atmospheres under flares of M dwarf stars."
        ),
    ),
    NegativeCase(
        "machine translation of low-resource languages",
        "speech translation",
        (
            "Direct speech translation for an unwritten language. We translate spoken utterances of a low-resource "
            "language into English text by direct speech translation."
        ),
        (
            "Back-translation for low-resource machine translation. Monolingual text improves machine translation "
            "between two low-resource languages."
        ),
    ),
    NegativeCase(
        "recommender systems",
        "news recommendation",
        (
            "Recommending news articles by reading behaviour. A news recommendation system models click behaviour on "
            "news articles for session recommendation."
        ),
        (
            "Popularity bias in recommender systems. We measure how recommender systems amplify popular items in "
            "music and film catalogues and how to correct it."
        ),
    ),
    NegativeCase(
        "convex optimisation algorithms",
        "distributed or decentralised",
        (
            "Decentralised gradient methods over networks. We analyse distributed convex optimisation where nodes of "
            "a network exchange gradients with neighbours."
        ),
        (
            "Accelerated proximal methods for convex problems. An accelerated first-order algorithm for composite "
            "convex optimisation with optimal rate."
        ),
    ),
    NegativeCase(
        "gaussian processes",
        "bayesian optimization",
        (
            "Bayesian optimisation with Gaussian processes on graphs. We use Gaussian process surrogates for Bayesian"
            " optimization of black-box functions."
        ),
        (
            "Sparse Gaussian processes with inducing points. Variational inference with inducing points makes "
            "Gaussian process regression scale to millions of points."
        ),
    ),
    NegativeCase(
        "detecting hallucinations of language models",
        "summarization",
        (
            "Hallucinations in abstractive summarization. We detect unfaithful sentences that language models "
            "hallucinate in summarization of news."
        ),
        (
            "Probing hidden states to detect hallucinations. A linear probe on hidden states tells whether a language"
            " model's answer is hallucinated."
        ),
    ),
    NegativeCase(
        "software testing",
        "smart contracts",
        (
            "Fuzzing smart contracts. We test smart contracts on Ethereum with a fuzzer guided by data flow and find "
            "new bugs."
        ),
        (
            "Flaky tests in continuous integration. We study why software tests are flaky and predict flaky tests "
            "from their code."
        ),
    ),
    NegativeCase(
        "quantum error correction",
        "experiments on superconducting hardware",
        (
            "A surface code on superconducting qubits. We show quantum error correction in an experiment on "
            "superconducting hardware with 49 qubits."
        ),
        (
            "Decoding quantum LDPC codes by belief propagation. A decoder for quantum error correction codes that "
            "corrects degenerate errors."
        ),
    ),
    NegativeCase(
        "causal inference from observational data",
        "epidemiology, public health",
        (
            "Estimating vaccine effects from health records. We use causal inference on observational data from "
            "public health registries to estimate vaccine effects in epidemiology."
        ),
        (
            "Identifiability of causal effects with hidden confounders. We give conditions under which causal effects"
            " are identified from observational data."
        ),
    ),
    NegativeCase(
        "knowledge graphs",
        "not biomedical",
        (
            "Completing a biomedical knowledge graph. Links between drugs, genes and diseases are predicted in a "
            "biomedical knowledge graph."
        ),
        (
            "Embedding temporal knowledge graphs. Facts that hold for a time are predicted by embedding knowledge "
            "graphs with time."
        ),
        named="biomedical",
    ),
)
