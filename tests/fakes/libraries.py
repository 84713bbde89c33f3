"""Made-up libraries as reference managers export them."""

from __future__ import annotations

# Zotero's own BibTeX, Better BibTeX (BibLaTeX), Mendeley, Google Scholar, DBLP and a hand-written entry.
BIBTEX = r"""
@misc{lind_counting_2026,
	title = {Counting {Pebbles} by {Fourier}'s {Na{\"i}ve} {Law}},
	url = {http://arxiv.org/abs/2611.00001},
	doi = {10.48550/arXiv.2611.00001},
	abstract = {We count, as one does @home{,} pebbles.},
	urldate = {2026-11-18},
	publisher = {arXiv},
	author = {Lind, Ada and Okafor, Bo and others},
	month = nov,
	year = {2026},
	note = {arXiv:2611.00001 [cs]
Comment: extends arXiv:2001.00009},
}

@online{okaforWalkingRobots2026,
  title = {Walking Robots: {{A}} Field Report},
  author = {Okafor, Bo},
  date = {2026-11-02},
  eprint = {2611.00002},
  eprinttype = {arXiv},
  eprintclass = {cs},
  dateadded = {2026-11-03T08:15:00Z},
  pubstate = {prepublished}
}

@article{Meyer2026,
archivePrefix = {arXiv},
arxivId = {2611.00003v2},
author = {M{\"{u}}ller, J{\"{o}}rg and van der Berg, Ineke},
eprint = {2611.00003},
title = {{Sorting letters}},
year = {2026}
}

@article{scholar,
  title={Transit timing},
  author={Byron, A and Lind, A},
  journal={arXiv preprint arXiv:hep-th/9901001},
  year={1999}
}

@article{DBLP:journals/corr/abs-2611-00005,
  author    = {Ineke van der Berg},
  title     = {Letters, Sorted},
  journal   = {CoRR},
  volume    = {abs/2611.00005},
  timestamp = {Mon, 03 Nov 2026 00:00:00 +0100}
}

@inproceedings{hand, title = "On scree", author = "Ada Lind and Bo Okafor", doi = "https://doi.org/10.5555/SCREE\_7",
  booktitle = {Proc. of Walking}, year = 2025, date-added = {2025-02-03 10:11:12 +0100}}
"""

BROKEN_BIBTEX = """@misc{one, title = {First}}
@misc{two, title = {never closed, year = 2020
@misc{three, title = {Third}}
@misc{four title = {Fourth}}
@misc{one, title = {The same key}}
@misc{five, year = 2020}
@misc{six, title = {Sixth}, title = {Sixth again}}
"""

RIS = """TY  - UNPB
TI  - Counting Pebbles
AU  - Lind, Ada
AU  - Okafor, Bo
AB  - We count.
DA  - 2026/11/01/
PY  - 2026
DO  - 10.48550/arXiv.2611.00001
UR  - http://arxiv.org/abs/2611.00001
Y2  - 2026/11/18/07:30:00
ER  -\x20

TY  - JOUR
T1  - Walking robots
A1  - Okafor, Bo
Y1  - 2025/06//
JO  - arXiv preprint arXiv:2611.00002
N1  - Comment: see arXiv:2001.00009
ER  -\x20
a line nobody ordered

TY  - CONF
TI  - A record whose end
 goes over two lines
AU  - Byron, A
DO  - 10.5555/walk.1

TY  - GEN
PY  - 2020
ER  -\x20
"""

CSV = (
    '\ufeff"Key","Item Type","Publication Year","Author","Title","Publication Title","DOI","Url","Date",'
    '"Date Added","Access Date","Extra","Notes"\n'
    '"AAAA0001","preprint","2026","Lind, Ada; Okafor, Bo","Counting pebbles","","10.48550/arXiv.2611.00001",'
    '"http://arxiv.org/abs/2611.00001","2026-11-01","2026-11-18 07:30:00","2026-11-19","arXiv:2611.00001 [cs]",'
    '"<p>two lines,\n@misc{and braces}</p>"\n'
    '"AAAA0002","journalArticle","2025","Byron, A","Transit, timed","J. of Timing","10.5555/TIME.1","","2025","",'
    '"","",""\n'
    '"AAAA0003","journalArticle","2025"\n'
    '"AAAA0004","webpage","","","","","","","","","","",""\n'
)

IDS = """# what I read in November
2611.00001
https://arxiv.org/abs/2611.00002v3   # the robots
arXiv:math.GT/0309136

10.5555/walk.1
what was it called
"""
