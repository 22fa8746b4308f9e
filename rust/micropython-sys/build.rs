//! Generates the Rust view of the glue header.

use std::{env, path::PathBuf};

use bindgen::{
    RustEdition,
    callbacks::{IntKind, ParseCallbacks},
};

const HEADER: &str = "../../c_glue/mrequests_glue.h";

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

/// The folder of the C compiler's own headers (stdint.h and the like), in a build for a port.
const C_INCLUDE: &str = "MREQUESTS_C_INCLUDE";

/// Keeps libclang to these headers: it may have none of its own for the target.
fn include_arguments() -> Vec<String> {
    println!("cargo::rerun-if-env-changed={C_INCLUDE}");
    match env::var(C_INCLUDE) {
        Ok(folder) => vec!["-nostdinc".into(), "-isystem".into(), folder],
        Err(_) => Vec::new(),
    }
}

fn main() {
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    bindgen::builder()
        .header(HEADER)
        .allowlist_item("(mrq|MRQ)_.*")
        // The header needs no C library.
        .clang_arg("-ffreestanding")
        .clang_args(include_arguments())
        .clang_arg(format!("-DMREQUESTS_TLS={}", u8::from(cfg!(feature = "tls"))))
        // Enumerators become u8, as what carries them is uint8_t. No type of the header has an enum in it.
        .clang_arg("-fshort-enums")
        .use_core()
        .ctypes_prefix("cty")
        .rust_edition(RustEdition::Edition2024)
        .prepend_enum_name(false)
        .enable_function_attribute_detection()
        .clang_macro_fallback()
        .clang_macro_fallback_build_dir(&out)
        .layout_tests(false)
        .parse_callbacks(Box::new(bindgen::CargoCallbacks::new()))
        .parse_callbacks(Box::new(MacroTypes))
        .generate()
        .expect("bindgen reads the glue header")
        .write_to_file(out.join("bindings.rs"))
        .expect("OUT_DIR can be written to");
}
