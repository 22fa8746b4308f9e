//! Compiles llhttp, whose source is in the directory that `MREQUESTS_LLHTTP` names: see __main__.py.

fn main() {
    println!("cargo:rerun-if-changed=src/llhttp.c");
    println!("cargo:rerun-if-env-changed=MREQUESTS_LLHTTP");
    let source = std::env::var("MREQUESTS_LLHTTP").expect("MREQUESTS_LLHTTP is set by __main__.py");
    let source = std::path::Path::new(&source);
    cc::Build::new()
        .include(source.join("include"))
        .files(["api.c", "http.c", "llhttp.c"].map(|name| source.join("src").join(name)))
        .file("src/llhttp.c")
        .opt_level(3)
        .warnings(false)
        .compile("llhttp");
}
