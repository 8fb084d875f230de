//! `cargo xtask bench NAME`: builds what is to be measured, installs the peers into a virtual environment of
//! their own, and runs the script that compares them. The scripts and their results live in `benches/`.

use crate::command::{command, show};
use crate::prerequisites;
use crate::repository::root;
use std::path::{Path, PathBuf};

struct Bench {
    name: &'static str,
    script: &'static str,
    /// What cargo builds for it, in release.
    build: &'static [&'static str],
    /// Programs it runs, each in the Debian package of its name.
    programs: &'static [&'static str],
    /// Needs the peers of `requirements.txt`, not only Python.
    peers: bool,
}

impl Bench {
    /// One that fits raw numbers, beside the peers.
    const fn of_fits(name: &'static str, script: &'static str) -> Self {
        Self {
            name,
            script,
            // With the binary's package, so that its libraries are not built once more with other features.
            build: &[
                "-p",
                "trainyard",
                "-p",
                "trainyard-estimators",
                "--example",
                "speed",
            ],
            programs: &[],
            peers: true,
        }
    }
}

const BENCHES: &[Bench] = &[
    Bench::of_fits("fit", "speed.py"),
    Bench::of_fits("seeds", "seeds.py"),
    Bench::of_fits("predict", "predict.py"),
    Bench::of_fits("growth", "growth.py"),
    Bench::of_fits("threads", "threads.py"),
    Bench::of_fits("digits", "digits.py"),
    Bench {
        name: "pictures",
        script: "pictures.py",
        build: &["-p", "trainyard"],
        programs: &[],
        peers: true,
    },
    Bench {
        name: "ingest",
        script: "ingest.py",
        build: &["-p", "trainyard-table", "--example", "ingest"],
        programs: &[],
        peers: true,
    },
    Bench {
        name: "batch",
        script: "batch.py",
        build: &["-p", "trainyard"],
        programs: &[],
        peers: true,
    },
    Bench {
        name: "grid",
        script: "grid.py",
        build: &["-p", "trainyard"],
        programs: &[],
        peers: true,
    },
    Bench {
        name: "estimates",
        script: "estimates.py",
        build: &["-p", "trainyard"],
        programs: &[],
        peers: true,
    },
    Bench {
        name: "certificate",
        script: "certificate.py",
        build: &["-p", "trainyard"],
        programs: &[],
        peers: true,
    },
    Bench {
        name: "start",
        script: "start.py",
        build: &["-p", "trainyard"],
        programs: &[],
        peers: false,
    },
    Bench {
        name: "serve",
        script: "serve.py",
        build: &["-p", "trainyard"],
        programs: &["wrk"],
        peers: true,
    },
    Bench {
        name: "dialects",
        script: "dialects.py",
        build: &["-p", "trainyard"],
        programs: &["wrk"],
        peers: true,
    },
    Bench {
        name: "quality",
        script: "quality.py",
        build: &["-p", "trainyard"],
        programs: &[],
        peers: true,
    },
    Bench {
        name: "auto",
        script: "auto.py",
        build: &["-p", "trainyard"],
        programs: &[],
        peers: true,
    },
];

/// Runs one bench; the rest of the words go to its script.
pub(crate) fn run(name: &str, arguments: &[&str]) -> Result<(), String> {
    let Some(bench) = BENCHES.iter().find(|bench| bench.name == name) else {
        let names: Vec<&str> = BENCHES.iter().map(|bench| bench.name).collect();
        return Err(format!(
            "no bench is called {name}; there are {}",
            names.join(", ")
        ));
    };
    prerequisites::programs(bench.programs)?;
    let root = root();
    let mut build = vec!["build", "--release"];
    build.extend(bench.build);
    show(&mut command("cargo", &build, &root))?;

    let python = if bench.peers {
        python_with_peers(&root.join("benches"), &root.join("benches/.venv"))?
    } else {
        PathBuf::from("python3")
    };
    let script = root.join("benches").join(bench.script);
    let mut words = vec![script.to_string_lossy().into_owned()];
    words.extend(arguments.iter().map(|word| (*word).to_owned()));
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut script = command(&python.to_string_lossy(), &words, &root);
    show(script.env("TRAINYARD_RELEASE", root.join("target/release")))
}

/// Python of a virtual environment with exactly what a folder's `requirements.txt` pins.
pub(crate) fn python_with_peers(folder: &Path, environment: &Path) -> Result<PathBuf, String> {
    let python = environment.join("bin/python");
    let stamp = environment.join("requirements.installed");
    let wanted = std::fs::read(folder.join("requirements.txt"))
        .map_err(|error| format!("{}/requirements.txt: {error}", folder.display()))?;
    if std::fs::read(&stamp).is_ok_and(|there| there == wanted) {
        return Ok(python);
    }
    let place = environment.to_string_lossy();
    show(&mut command("python3", &["-m", "venv", &place], folder)).map_err(|error| {
        format!("{error}. On Debian or Ubuntu: sudo apt-get install python3-venv")
    })?;
    show(&mut command(
        &python.to_string_lossy(),
        &["-m", "pip", "install", "--quiet", "-r", "requirements.txt"],
        folder,
    ))?;
    std::fs::write(&stamp, wanted).map_err(|error| format!("{}: {error}", stamp.display()))?;
    Ok(python)
}
