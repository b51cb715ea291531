//! Makes the tables in `src/proof/data/` from their sources, byte for byte the same
//! whoever runs it. How to get the sources: `README.md` beside `Cargo.toml`.
//!
//! ```sh
//! cargo run --release --manifest-path tests/tables/Cargo.toml -- OUT STROKES CORPUS GENRES
//! ```
//!
//! `OUT` is a folder for the tables, `STROKES` the file `same_stroke.txt` of
//! pycorrector, `CORPUS` a folder of regulations, `GENRES` one of reports, notices and
//! answers. The dictionary and the readings are found where cargo keeps the sources of
//! the two packages that carry them.

mod alarms;
mod idioms;
mod phrases;
mod sources;
mod tables;

use std::fs;
use std::path::{Path, PathBuf};

use sources::Sources;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    if let [word, corpus] = arguments.as_slice()
        && word.as_os_str() == "alarms"
    {
        return alarms::print(corpus);
    }
    let [out, strokes, corpus, genres] = arguments.as_slice() else {
        return Err("usage: jiedu-tables OUT STROKES CORPUS GENRES | alarms CORPUS".into());
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sources = Sources::read(root, strokes, corpus)?;
    fs::create_dir_all(out)?;
    let write = |name: &str, bytes: Vec<u8>| fs::write(out.join(name), bytes);
    write("words.bin", tables::words(&sources))?;
    write("sounds.bin", tables::sounds(&sources))?;
    write("joined.bin", tables::joined(&sources))?;
    write("near.bin", tables::near(&sources))?;
    write("shapes.bin", tables::shapes(&sources))?;
    write("idioms.bin", idioms::idioms(&sources))?;
    write("phrases.bin", phrases::phrases(&sources))?;
    write("free.txt", tables::free(&sources))?;
    // What was seen at least twice, as `jiedu train` counts. There are twelve times as many
    // characters of regulations as of all other genres: those count twice, so that what
    // they say once is known.
    let genres = sources::texts(genres)?;
    let texts = sources.texts.iter().chain(&genres).chain(&genres).map(String::as_str);
    write("grams.bin", jiedu::proof::train(texts, 2))?;
    Ok(())
}
