//! Generates one service twice, with stubs of ours and with tonic-build's to compare them with; types of
//! errors; messages of an edition; and messages of all shapes, by us and by prost-build.

use rust_svc_build::{Error, Messages, Stubs, configure};

fn main() -> Result<(), Error> {
    let protos = ["../../fixtures/four_kinds"];
    configure().testing(true).compile(&protos, &protos)?;
    let out = std::env::var("OUT_DIR").unwrap_or_default();
    configure()
        .service_config("kinds.service_config.json")
        .out_dir(format!("{out}/limited"))
        .compile(&protos, &protos)?;
    for fixture in ["trap_19_editions", "errors", "errors_of_kratos"] {
        let protos = [format!("../../fixtures/{fixture}")];
        configure()
            .out_dir(format!("{out}/{fixture}"))
            .compile(&protos, &protos)?;
    }
    for (maker, name) in [(Messages::Svc, "svc"), (Messages::Prost, "prost")] {
        let shapes = [
            "trap_19_editions",
            "enums",
            "maps",
            "oneofs",
            "optional_fields",
            "proto2",
            "trap_18_boxes",
            "every_kind",
            "required_cycles",
            "debug_redact",
        ];
        let protos = shapes.map(|fixture| format!("../../fixtures/{fixture}"));
        configure()
            .messages(maker)
            // What is in a `HashMap` has no order to compare.
            .btree_map(".")
            .enable_type_names(true)
            .type_name_domain(".", "type.example.com")
            .runtime(false)
            .out_dir(format!("{out}/messages_{name}"))
            .compile(&protos, &protos)?;
    }
    let deep = format!("{out}/deep_proto");
    std::fs::create_dir_all(&deep).expect("the folder is cargo's");
    std::fs::write(format!("{deep}/deep.proto"), chain()).expect("the folder is there");
    configure()
        .runtime(false)
        .out_dir(format!("{out}/deep"))
        .compile(&[&deep], &[&deep])?;
    configure()
        .stubs(Stubs::Tonic)
        .testing(true)
        .out_dir(format!("{out}/tonic"))
        .compile(&protos, &protos)
}

/// Messages that hold two of the next one each: without a box the outermost would take 2⁴⁵ bytes.
fn chain() -> String {
    let links = (0..40).map(|link| {
        let next = link + 1;
        format!("message M{link} {{ M{next} a = 1; M{next} b = 2; }}\n")
    });
    let links: String = links.collect();
    format!("syntax = \"proto3\";\npackage deep;\n{links}message M40 {{ int32 a = 1; }}\n")
}
