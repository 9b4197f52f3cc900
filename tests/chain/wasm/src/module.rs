//! A validated module, as far as the checks and the instrumentation need to know it.

use crate::{
    features,
    hooks::{HostFunction, HOST_FUNCTIONS},
    limits, ActivationError,
};
use std::ops::Range;
use wasmparser::{ExternalKind, FuncType, FunctionBody, GlobalType, MemoryType, Operator, Parser, Payload, TypeRef, ValType};

/// A global of the module with its constant.
pub(crate) struct Global {
    pub(crate) ty: GlobalType,
    pub(crate) value: i64,
}

/// An export of the module.
pub(crate) struct Export<'a> {
    pub(crate) name: &'a str,
    pub(crate) kind: ExternalKind,
    pub(crate) index: u32,
}

/// A module that passed validation under Nitro's set of extensions.
#[derive(Default)]
pub(crate) struct Module<'a> {
    /// The whole module.
    pub(crate) wasm: &'a [u8],
    /// Id and content of each section but custom ones, in order.
    pub(crate) sections: Vec<(u8, Range<usize>)>,
    /// Function types.
    pub(crate) types: Vec<FuncType>,
    /// Imported host functions, with the index of their type.
    pub(crate) imports: Vec<(&'static HostFunction, u32)>,
    /// Type index of each own function.
    pub(crate) functions: Vec<u32>,
    /// Bodies of the own functions.
    pub(crate) bodies: Vec<FunctionBody<'a>>,
    pub(crate) memories: Vec<MemoryType>,
    pub(crate) globals: Vec<Global>,
    pub(crate) exports: Vec<Export<'a>>,
    /// Number of data segments, their encoded length and the length of their content.
    pub(crate) data: (usize, usize, usize),
    /// Number of element segments and their encoded length.
    pub(crate) elements: (usize, usize),
    /// Table entries in all.
    pub(crate) table_entries: u64,
    pub(crate) has_start: bool,
}

impl<'a> Module<'a> {
    /// Validates and reads `wasm`.
    pub(crate) fn parse(wasm: &'a [u8]) -> Result<Self, ActivationError> {
        features::validate(wasm)?;
        let mut module = Self { wasm, ..Self::default() };
        let mut parser = Parser::new(0);
        parser.set_features(features::ACCEPTED);
        for payload in parser.parse_all(wasm) {
            let payload = payload?;
            if let Some((id, range)) = payload.as_section() {
                if id != 0 {
                    module.sections.push((id, range));
                }
            }
            module.read(payload)?;
        }
        Ok(module)
    }

    fn read(&mut self, payload: Payload<'a>) -> Result<(), ActivationError> {
        match payload {
            Payload::TypeSection(types) => {
                for ty in types.into_iter_err_on_gc_types() {
                    self.types.push(ty?);
                }
            }
            Payload::ImportSection(imports) => {
                for import in imports {
                    let import = import?;
                    self.add_import(import.module, import.name, import.ty)?;
                }
            }
            Payload::FunctionSection(functions) => {
                self.functions = functions.into_iter().collect::<Result<_, _>>()?;
            }
            Payload::TableSection(tables) => {
                for table in tables {
                    self.table_entries = self.table_entries.saturating_add(table?.ty.initial);
                }
            }
            Payload::MemorySection(memories) => self.memories = memories.into_iter().collect::<Result<_, _>>()?,
            Payload::GlobalSection(globals) => {
                for (index, global) in globals.into_iter().enumerate() {
                    let global = global?;
                    let value = constant(global.init_expr.get_operators_reader())?.ok_or(ActivationError::NonConstantGlobal { index })?;
                    self.globals.push(Global { ty: global.ty, value });
                }
            }
            Payload::ExportSection(exports) => {
                for export in exports {
                    let export = export?;
                    self.exports.push(Export {
                        name: export.name,
                        kind: export.kind,
                        index: export.index,
                    });
                }
            }
            Payload::StartSection { .. } => self.has_start = true,
            Payload::ElementSection(elements) => {
                for element in elements {
                    self.elements.0 += 1;
                    self.elements.1 += element?.range.len();
                }
            }
            Payload::DataSection(segments) => {
                for segment in segments {
                    let segment = segment?;
                    self.data.0 += 1;
                    self.data.1 += segment.range.len();
                    self.data.2 += segment.data.len();
                }
            }
            Payload::CodeSectionEntry(body) => self.bodies.push(body),
            Payload::DataCountSection { .. } => return Err(ActivationError::UnsupportedSection { name: "DataCount" }),
            // Custom sections and the frame of the format; anything else failed validation.
            _ => {}
        }
        Ok(())
    }

    fn add_import(&mut self, module: &str, name: &str, ty: TypeRef) -> Result<(), ActivationError> {
        let host = HOST_FUNCTIONS
            .iter()
            .find(|host| module == "vm_hooks" && host.name == name)
            .ok_or_else(|| ActivationError::UnknownImport {
                module: module.to_owned(),
                name: name.to_owned(),
            })?;
        let wrong = |found| ActivationError::ImportSignature {
            name: name.to_owned(),
            expected: signature(host.params, host.results),
            found,
        };
        let TypeRef::Func(index) = ty else {
            return Err(wrong(format!("{ty:?}")));
        };
        let found = self.function_type(index)?;
        if found.params() != host.params || found.results() != host.results {
            return Err(wrong(signature(found.params(), found.results())));
        }
        self.imports.push((host, index));
        Ok(())
    }

    fn function_type(&self, index: u32) -> Result<&FuncType, ActivationError> {
        self.types.get(index as usize).ok_or_else(|| ActivationError::Malformed {
            reason: format!("missing type {index}"),
            offset: 0,
        })
    }

    /// Type of a function by its index, imports first.
    pub(crate) fn type_of(&self, function: u32) -> Result<&FuncType, ActivationError> {
        let index = function as usize;
        let own = || self.functions.get(index.checked_sub(self.imports.len())?).copied();
        let ty = self.imports.get(index).map(|(_, ty)| *ty).or_else(own);
        self.function_type(ty.unwrap_or(u32::MAX))
    }

    /// Index of an imported host function.
    pub(crate) fn import_index(&self, name: &str) -> Option<u32> {
        let position = self.imports.iter().position(|(host, _)| host.name == name)?;
        u32::try_from(position).ok()
    }

    /// The one memory, which must be exported as `memory`.
    pub(crate) fn memory(&self) -> Result<&MemoryType, ActivationError> {
        let exported = self
            .exports
            .iter()
            .any(|export| export.name == "memory" && export.kind == ExternalKind::Memory && export.index == 0);
        match self.memories.first() {
            Some(memory) if exported => Ok(memory),
            _ => Err(ActivationError::MissingExport { name: "memory" }),
        }
    }

    /// Index of `user_entrypoint`, a function from i32 to i32.
    pub(crate) fn entrypoint(&self) -> Result<u32, ActivationError> {
        let name = "user_entrypoint";
        let export = self
            .exports
            .iter()
            .find(|export| export.name == name)
            .ok_or(ActivationError::MissingExport { name })?;
        if export.kind != ExternalKind::Func {
            return Err(ActivationError::EntrypointType {
                found: format!("a {:?}", export.kind),
            });
        }
        let ty = self.type_of(export.index)?;
        if ty.params() != [ValType::I32] || ty.results() != [ValType::I32] {
            return Err(ActivationError::EntrypointType {
                found: signature(ty.params(), ty.results()),
            });
        }
        Ok(export.index)
    }

    /// Checks every limit that does not depend on the instrumentation.
    pub(crate) fn check(&self) -> Result<(), ActivationError> {
        self.check_names()?;
        let pages = self.memory()?.initial;
        if pages > limits::PAGES {
            return Err(ActivationError::MemoryTooLarge {
                pages,
                limit: limits::PAGES,
            });
        }
        self.entrypoint()?;
        let table_entries = usize::try_from(self.table_entries).unwrap_or(usize::MAX);
        for (what, count, limit) in [
            ("memories", self.memories.len(), limits::MEMORIES),
            ("data segments", self.data.0, limits::DATA_SEGMENTS),
            ("element segments", self.elements.0, limits::ELEMENT_SEGMENTS),
            ("exports", self.exports.len(), limits::EXPORTS),
            ("functions", self.bodies.len(), limits::FUNCTIONS),
            ("imports", self.imports.len(), limits::IMPORTS),
            ("table entries", table_entries, limits::TABLE_ENTRIES),
            ("bytes of element segments", self.elements.1, limits::ELEMENT_BYTES),
        ] {
            if count > limit {
                return Err(ActivationError::TooMany { what, count, limit });
            }
        }
        if self.has_start {
            return Err(ActivationError::StartFunction);
        }
        Ok(())
    }

    fn check_names(&self) -> Result<(), ActivationError> {
        for export in &self.exports {
            if export.name.len() > limits::NAME_LENGTH {
                return Err(ActivationError::NameTooLong {
                    length: export.name.len(),
                    limit: limits::NAME_LENGTH,
                });
            }
            // Nitro compares what follows the last double underscore.
            let name = export.name.rsplit("__").next().unwrap_or(export.name);
            if name.starts_with("stylus") || self.imports.iter().any(|(host, _)| host.name == name) {
                return Err(ActivationError::ReservedName {
                    name: export.name.to_owned(),
                });
            }
        }
        Ok(())
    }
}

/// The constant an initialiser pushes, if it is nothing but that.
fn constant(mut init: wasmparser::OperatorsReader<'_>) -> Result<Option<i64>, ActivationError> {
    let value = match init.read()? {
        Operator::I32Const { value } => i64::from(value),
        Operator::I64Const { value } => value,
        _ => return Ok(None),
    };
    let last = matches!(init.read()?, Operator::End) && init.eof();
    Ok(last.then_some(value))
}

/// A function type as WebAssembly's text format would have it.
fn signature(params: &[ValType], results: &[ValType]) -> String {
    let list = |types: &[ValType]| types.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    match results {
        [] => format!("({}) -> ()", list(params)),
        _ => format!("({}) -> {}", list(params), list(results)),
    }
}
