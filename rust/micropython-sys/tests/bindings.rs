//! `src/bindings.rs` is what bindgen generates from the glue header. Needs libclang.

use std::{env, fs, process::Command};

use bindgen::{
    Formatter, RustEdition,
    callbacks::{IntKind, ParseCallbacks},
};

const HEADER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../c_glue/mrequests_glue.h");
const BINDINGS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/bindings.rs");

/// Writes `BINDINGS` instead of comparing it, where set.
const WRITE: &str = "MREQUESTS_WRITE_BINDINGS";

/// Gives macros the types that their values have in C.
#[derive(Debug)]
struct MacroTypes;

impl ParseCallbacks for MacroTypes {
    fn int_macro(&self, name: &str, value: i64) -> Option<IntKind> {
        if name.ends_with("_SIZE") {
            Some(IntKind::Custom { name: "usize", is_signed: false })
        } else {
            // UINT64_MAX arrives as -1.
            (value < 0).then_some(IntKind::U64)
        }
    }
}

/// The C compiler's own headers (`stdint.h` and the like): libclang may have none for a target.
fn include_directory() -> String {
    let output = Command::new("cc")
        .arg("-print-file-name=include")
        .output()
        .expect("a C compiler is installed");
    String::from_utf8(output.stdout).expect("its path is UTF-8").trim_end().to_owned()
}

fn generate(target: &str) -> String {
    bindgen::builder()
        .header(HEADER)
        .allowlist_item("(mrq|MRQ)_.*")
        .clang_arg(format!("--target={target}"))
        // The header needs no C library.
        .clang_args(["-ffreestanding", "-nostdinc", "-isystem", &include_directory()])
        .clang_arg("-DMREQUESTS_TLS=1")
        // Enumerators become u8, as what carries them is uint8_t. No type of the header has an enum in it.
        .clang_arg("-fshort-enums")
        .use_core()
        .formatter(Formatter::Prettyplease)
        .rust_target(
            env!("CARGO_PKG_RUST_VERSION").parse().expect("bindgen knows this version of Rust"),
        )
        .rust_edition(RustEdition::Edition2024)
        .prepend_enum_name(false)
        .enable_function_attribute_detection()
        .clang_macro_fallback()
        .clang_macro_fallback_build_dir(env!("CARGO_TARGET_TMPDIR"))
        .merge_extern_blocks(true)
        .layout_tests(false)
        .parse_callbacks(Box::new(MacroTypes))
        .generate()
        .expect("bindgen reads the glue header")
        .to_string()
}

#[test]
fn bindings_are_those_of_the_header() {
    if env::var_os(WRITE).is_some() {
        fs::write(BINDINGS, generate("x86_64-unknown-linux-gnu")).expect("src can be written to");
    }
    let bindings = fs::read_to_string(BINDINGS).expect("src can be read");
    for target in ["x86_64-unknown-linux-gnu", "thumbv6m-none-eabi", "riscv32-unknown-elf"] {
        assert!(
            generate(target) == bindings,
            "not those that bindgen generates for {target}: run `make bindings`"
        );
    }
}
