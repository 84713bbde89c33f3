"""Physics, chemistry, biology, mathematics, statistics and economics: no paper in here exists."""

from __future__ import annotations

from tests.fakes.negative_cases.case import NegativeCase

SCIENCES = (
    NegativeCase(
        "superconductivity in two-dimensional materials",
        "twisted bilayer graphene",
        (
            "Pairing symmetry in magic-angle graphene. We compute the superconducting gap of twisted bilayer graphene"
            " near the magic angle with a ten-band model and find nodal pairing that survives strain."
        ),
        (
            "Ising superconductivity in a monolayer dichalcogenide. Tunnelling spectra of monolayer NbSe2 show that "
            "two-dimensional superconductivity survives in-plane fields of 30 tesla, as strong spin-orbit coupling "
            "pins the pairs."
        ),
    ),
    NegativeCase(
        "gravitational waves from compact binaries",
        "no data analysis pipelines",
        (
            "A faster pipeline for detecting compact binary mergers. We present a matched-filter data analysis "
            "pipeline for gravitational waves that processes detector data in half the time, and describe its "
            "software, its triggers and its false alarm rates."
        ),
        (
            "Spin precession in gravitational waves of unequal black holes. Post-Newtonian calculations show how "
            "precession shapes the gravitational waves of compact binaries of unequal masses shortly before the "
            "merger."
        ),
        named="data analysis pipelines",
    ),
    NegativeCase(
        "protein structure prediction",
        "antibodies",
        (
            "Predicting the loops of antibodies. A network predicts the structure of antibody CDR loops, including "
            "H3, from sequence alone, and ranks antibodies by how well their structures bind an antigen."
        ),
        (
            "Structure prediction of membrane proteins in several states. We predict protein structures of "
            "transporters in inward and outward states by sampling sequence alignments, and confirm two of them by "
            "electron microscopy."
        ),
    ),
    NegativeCase(
        "neural coding in the visual cortex",
        "fMRI",
        (
            "Decoding natural scenes from fMRI. Voxel responses recorded by functional magnetic resonance imaging in "
            "human visual cortex are decoded into images, which shows how the coding of scenes differs between visual"
            " areas."
        ),
        (
            "Correlated variability limits coding in mouse visual cortex. Two-photon recordings from thousands of "
            "neurons show that noise correlations limit how precisely the visual cortex codes orientation."
        ),
    ),
    NegativeCase(
        "population dynamics of insects",
        "agricultural pests",
        (
            "Outbreaks of the rice planthopper. We model the population dynamics of an insect pest on rice fields and"
            " compute when farmers should spray to protect their crops."
        ),
        (
            "Cycles of moth populations in birch forests. Sixty years of counts show that population cycles of forest"
            " moths follow their parasitoids, not the food of these insects."
        ),
    ),
    NegativeCase(
        "auction theory",
        "online advertising",
        (
            "Budget pacing in sponsored search auctions. Advertisers bid for clicks through an auto-bidder; we "
            "analyse equilibria of ad auctions and the revenue of the platform that sells advertising slots online."
        ),
        (
            "Revenue of multi-unit auctions with few bidders. We characterise equilibria of uniform-price auctions in"
            " which bidders hold private information about complements. The results apply to spectrum, electricity "
            "and, in passing, advertising."
        ),
    ),
    NegativeCase(
        "effects of automation on the labour market",
        "theory only papers",
        (
            "A theory of automation and wages. We develop a purely theoretical model of tasks in which machines "
            "replace workers, and prove when automation lowers wages on the labour market. The paper contains no "
            "data."
        ),
        (
            "Robots and employment in Italian provinces. Using records of two million workers we estimate effects of "
            "robot adoption on jobs and wages in local labour markets, and find losses for routine workers."
        ),
        named="theory only papers",
    ),
    NegativeCase(
        "spectral graph theory",
        "random graphs",
        (
            "The spectral gap of sparse random graphs. We prove that the second eigenvalue of the adjacency matrix of"
            " an Erdos-Renyi random graph concentrates, also for random regular graphs of growing degree."
        ),
        (
            "Eigenvalue bounds for the independence number. We sharpen the ratio bound of spectral graph theory for "
            "distance-regular graphs by weighting the adjacency matrix, and give graphs for which the bound on its "
            "eigenvalues is tight."
        ),
    ),
    NegativeCase(
        "partial differential equations of fluid dynamics",
        "numerical methods",
        (
            "A discontinuous Galerkin scheme for incompressible flow. We propose a numerical method of high order for"
            " the Navier-Stokes equations, prove its stability and test the convergence of the discretisation on "
            "refined meshes."
        ),
        (
            "Global regularity of axisymmetric Euler flows without swirl. We prove that solutions of the Euler "
            "equations of fluid dynamics stay smooth under a decay condition. Earlier numerical evidence had pointed "
            "to a blow-up."
        ),
    ),
    NegativeCase(
        "Bayesian inference",
        "MCMC",
        (
            "Mixing times of Hamiltonian Monte Carlo. We bound how many steps Markov chain Monte Carlo needs to "
            "sample the posterior in Bayesian inference with log-concave targets, and tune step sizes of the chain."
        ),
        (
            "Amortised variational inference for hierarchical models. A normalising flow approximates posteriors in "
            "Bayesian inference for thousands of groups at once, as accurately as MCMC in a thousandth of its time."
        ),
    ),
    NegativeCase(
        "climate modelling",
        "weather forecasting",
        (
            "Medium-range weather forecasts from a climate model. A coupled climate model is initialised daily to "
            "forecast the weather ten days ahead; its forecasts of storms and temperature beat the operational ones."
        ),
        (
            "Cloud feedback in a kilometre-scale climate model. We run a global climate model without parametrised "
            "convection for thirty years and find that low clouds amplify warming less than in CMIP models."
        ),
    ),
    NegativeCase(
        "catalysts for hydrogen production",
        "machine learning",
        (
            "Screening hydrogen evolution catalysts with graph networks. A machine learning model trained on density "
            "functional calculations predicts adsorption energies of 30,000 alloys and proposes catalysts for "
            "producing hydrogen."
        ),
        (
            "A nickel sulphide catalyst for producing hydrogen in sea water. Electrodes of nickel sulphide on foam "
            "evolve hydrogen from sea water for 500 hours; the catalyst resists chloride through a layer of sulphate."
        ),
    ),
    NegativeCase(
        "dark matter searches",
        "axions",
        (
            "A haloscope search for axions at 5 GHz. We search for axion dark matter with a tuned microwave cavity in"
            " a magnetic field of 9 tesla and exclude photon couplings of the axion in a new mass range."
        ),
        (
            "Results of a xenon experiment on WIMP dark matter. A search for nuclear recoils in five tonnes of liquid"
            " xenon finds no dark matter signal and sets the strongest limit on weakly interacting particles above 20"
            " GeV."
        ),
    ),
    NegativeCase(
        "plasma control in tokamaks",
        "without reinforcement learning",
        (
            "Learning to shape a tokamak plasma. A controller is trained by deep reinforcement learning in a "
            "simulator: an agent is rewarded for holding the plasma's shape and position, and then runs on a real "
            "tokamak."
        ),
        (
            "Model predictive control of the plasma current profile. We derive a controller for the current and "
            "safety factor profiles of a tokamak plasma and test it in experiments with neutral beams."
        ),
        named="reinforcement learning",
    ),
    NegativeCase(
        "single-cell RNA sequencing",
        "anything about cancer",
        (
            "Tumour heterogeneity by single-cell RNA sequencing. We sequence 90,000 single cells of breast cancer "
            "biopsies and find tumour clones that resist chemotherapy."
        ),
        (
            "Batch correction for single-cell RNA sequencing atlases. A linear model removes differences between "
            "laboratories from single-cell expression data of healthy organs and keeps rare cell types apart."
        ),
        named="cancer",
    ),
    NegativeCase(
        "quantum computing",
        "machine learning",
        (
            "Quantum kernels for classification. We train support vector machines with kernels computed on a quantum "
            "computer and ask whether quantum machine learning classifies data better than classical learning."
        ),
        (
            "Compiling quantum circuits to neutral atoms. A compiler maps circuits of a quantum computer to movable "
            "atoms and needs a third fewer two-qubit gates than swapping."
        ),
        written="quantum computing, but not machine learning",
    ),
)
