"""Systems, security, robots, language, music, teaching and other uses of computers: no paper in here exists."""

from __future__ import annotations

from tests.fakes.negative_cases.case import NegativeCase

SYSTEMS_AND_PEOPLE = (
    NegativeCase(
        "database query optimisation",
        "LLMs",
        (
            "Large language models as query optimisers. We prompt large language models with SQL queries and schema "
            "statistics to obtain join orders, and compare these language models with the query optimiser of a "
            "database."
        ),
        (
            "Join ordering with robust bounds. A database query optimiser that plans with upper bounds of join sizes "
            "instead of estimates finds plans that are never ten times worse than the best."
        ),
    ),
    NegativeCase(
        "memory safety",
        "Rust",
        (
            "Unsafe code in Rust crates. We study how 20,000 Rust libraries use unsafe blocks and find memory safety "
            "bugs that the borrow checker of Rust cannot see."
        ),
        (
            "Hardware capabilities against memory errors in C. Pointers with bounds in hardware give memory safety to"
            " legacy C programs; we port an operating system and measure the cost. Languages such as Rust avoid such "
            "errors only in new code."
        ),
    ),
    NegativeCase(
        "robot grasping",
        "RL",
        (
            "Learning dexterous grasps by trial and error. A policy is trained with reinforcement learning: a robot "
            "hand is rewarded for grasping objects firmly, and an actor-critic agent learns regrasping from ten "
            "thousand episodes."
        ),
        (
            "Planning robot grasps from touch. Tactile sensors in the fingertips of a gripper estimate friction while"
            " it closes, and a planner corrects the grasp of the robot before objects slip."
        ),
    ),
    NegativeCase(
        "autonomous drones",
        "swarms",
        (
            "Flocking of a hundred drones. A swarm of autonomous drones flies through a forest with rules of "
            "attraction and repulsion between neighbours, without any central control of the swarm."
        ),
        (
            "Flying an autonomous drone through narrow gaps. A single autonomous drone detects gaps with an event "
            "camera and plans aggressive trajectories through them onboard; swarms are left to later work."
        ),
    ),
    NegativeCase(
        "accessibility for blind people",
        "smart glasses and other wearables",
        (
            "Smart glasses that describe scenes to blind people. Twelve blind people wore smart glasses with a camera"
            " for a month; the wearable reads out text and faces and warns of obstacles."
        ),
        (
            "How blind programmers read code with a screen reader. Interviews with blind developers show how they "
            "navigate code, and a plug-in that speaks its structure improves accessibility."
        ),
    ),
    NegativeCase(
        "virtual reality",
        "not games",
        (
            "Sickness in virtual reality games. Players of six commercial VR games report sickness after an hour of "
            "play; we relate it to the games' camera movement and to how players move in the game."
        ),
        (
            "Virtual reality for rehearsing speeches. Speakers practise before a virtual audience in virtual reality,"
            " and their anxiety falls in four weeks."
        ),
        named="games",
    ),
    NegativeCase(
        "image synthesis",
        "GANs",
        (
            "Stabilising generative adversarial networks at high resolution. We regularise the discriminator of a "
            "generative adversarial network so that training for image synthesis does not collapse, and synthesise "
            "faces of a million pixels."
        ),
        (
            "Autoregressive image synthesis with coarse-to-fine tokens. A transformer predicts image tokens from "
            "coarse to fine scales, and its samples are preferred over those of diffusion models and GANs in a study "
            "with raters."
        ),
    ),
    NegativeCase(
        "graph learning",
        "for molecules",
        (
            "Equivariant graph learning for molecules. We learn on graphs of atoms with positions, and predict "
            "energies and forces of organic molecules equivariantly."
        ),
        (
            "Graph learning under label noise. We show how wrong labels spread along the edges in graph learning on "
            "citation and social networks, and how to stop them."
        ),
        written="graph learning, but not for molecules",
        named="molecules",
    ),
    NegativeCase(
        "prompting language models",
        "no surveys",
        (
            "A survey of prompting methods for language models. We review 300 papers on prompting, organise them in a"
            " taxonomy and discuss open problems and future directions for prompting language models."
        ),
        (
            "Prompting language models with contradictory examples. We show that language models prompted with "
            "examples that contradict each other follow the last one, and give a simple remedy."
        ),
        named="surveys",
    ),
    NegativeCase(
        "code generation with language models",
        "benchmarks",
        (
            "A benchmark for repository-level code generation. We collect a benchmark of 1,400 tasks from 50 "
            "repositories with tests, and evaluate twelve language models on it; the benchmark is released with a "
            "leaderboard."
        ),
        (
            "Repairing generated code by executing it. A language model for code generation reads error messages of "
            "its own programs and repairs them, which raises the share of solved tasks on two benchmarks by a tenth."
        ),
    ),
    NegativeCase(
        "distributed consensus protocols",
        "anything with blockchain",
        (
            "Consensus for permissionless blockchains. A proof-of-stake consensus protocol for blockchain finalises "
            "blocks in two seconds with ten thousand validators, and resists bribing of validators."
        ),
        (
            "Leader election in Raft under partial partitions. We show that distributed consensus by Raft can lose "
            "progress when some links fail, and add a vote that restores it in distributed databases."
        ),
        named="blockchain",
    ),
    NegativeCase(
        "multi-agent systems",
        "LLM agents",
        (
            "Debates among language model agents. Several large language model agents with roles discuss a task, "
            "criticise one another and vote; such multi-agent systems of LLMs solve more problems than one agent."
        ),
        (
            "Consensus control of multi-agent systems with delays. We give conditions on the graph and the delays "
            "under which linear multi-agent systems agree, and design distributed feedback for each agent."
        ),
    ),
    NegativeCase(
        "music information retrieval",
        "generating music",
        (
            "Generating music from text prompts. A language model over audio tokens generates three minutes of music "
            "from a text description; listeners prefer its compositions to those of earlier generators."
        ),
        (
            "Finding cover songs by their melody. We retrieve versions of a song from a music collection of a million"
            " tracks by a representation of its melody and chords, a classic task of music information retrieval."
        ),
        written="music information retrieval, except for generating music",
    ),
    NegativeCase(
        "teaching programming",
        "ChatGPT and other chatbots",
        (
            "Novices who ask ChatGPT. In an introductory programming course half of the students used ChatGPT; the "
            "chatbot solved their exercises, and they learned less programming than the others."
        ),
        (
            "Parsons problems in teaching recursion. Students of a programming course who order given lines of code "
            "learn recursion as well as those who write it, in half the time."
        ),
    ),
    NegativeCase(
        "compiler optimisation",
        "GPUs",
        (
            "Fusing kernels in a GPU compiler. An optimising compiler fuses memory-bound kernels for GPUs, chooses "
            "tiles for shared memory and warps, and doubles the speed of CUDA programs."
        ),
        (
            "Proving peephole optimisations of a compiler correct. We check compiler optimisations on integers with a"
            " solver, and find eight wrong rewrites in a compiler that runs on every server and phone."
        ),
    ),
    NegativeCase(
        "sentiment analysis",
        "Twitter and other social media",
        (
            "Sentiment of tweets during elections. We classify the sentiment of forty million tweets and posts on "
            "social media, and follow how the mood of Twitter users changes before elections."
        ),
        (
            "Aspects and opinions in restaurant reviews. A joint model extracts aspects and their sentiment from "
            "customers' reviews, and sentiment analysis gains most on sentences with several opinions."
        ),
        written="sentiment analysis; excluding Twitter and other social media",
    ),
    NegativeCase(
        "intrusion detection in networks",
        "deep learning",
        (
            "A deep neural network for intrusion detection. We train a convolutional and recurrent deep learning "
            "model on flows of a network and detect intrusions more accurately than with hand-made features."
        ),
        (
            "Rules for intrusion detection at line rate. We compile rules of an intrusion detection system into "
            "switches, so that attacks in a network are detected at 400 gigabits a second without losing packets."
        ),
    ),
)
