//! What the client can do, as it said when it started the server.

use gen_lsp_types::{InitializeParams, PositionEncodingKind};
use jiedu::editor::Encoding;
use serde_json::Value;

/// Abilities of a client that change what is sent to it.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts about one client")]
pub(super) struct Client {
    /// The unit of characters that both sides use.
    pub(super) encoding: Encoding,
    /// A diagnostic may carry an address that explains its code.
    pub(super) code_description: bool,
    /// A diagnostic may carry further places.
    pub(super) related: bool,
    /// Edits may name the version of the text they are meant for.
    pub(super) document_changes: bool,
    /// Code actions may be more than commands.
    pub(super) code_actions: bool,
    /// The outline may be a tree.
    pub(super) tree: bool,
    /// The client watches files when asked.
    pub(super) watches: bool,
}

impl Client {
    pub(super) fn new(params: &InitializeParams) -> Self {
        // Read as plain data: a client that garbles one ability keeps the others.
        let all = serde_json::to_value(&params.capabilities).unwrap_or(Value::Null);
        let can =
            |path: &str| all.pointer(path).is_some_and(|value| value.as_bool().unwrap_or(!value.is_null()));
        let offered =
            params.capabilities.general.as_ref().and_then(|general| general.position_encodings.as_ref());
        Self {
            encoding: choose(offered.map(Vec::as_slice).unwrap_or_default()),
            code_description: can("/textDocument/publishDiagnostics/codeDescriptionSupport"),
            related: can("/textDocument/publishDiagnostics/relatedInformation"),
            document_changes: can("/workspace/workspaceEdit/documentChanges"),
            code_actions: can("/textDocument/codeAction/codeActionLiteralSupport"),
            tree: can("/textDocument/documentSymbol/hierarchicalDocumentSymbolSupport"),
            watches: can("/workspace/didChangeWatchedFiles/dynamicRegistration"),
        }
    }

    /// The chosen unit as the protocol names it.
    pub(super) fn encoding_name(self) -> PositionEncodingKind {
        match self.encoding {
            Encoding::Utf8 => PositionEncodingKind::UTF8,
            Encoding::Utf16 => PositionEncodingKind::UTF16,
            Encoding::Utf32 => PositionEncodingKind::UTF32,
        }
    }
}

/// The first unit in the client's order that the server knows; UTF-16 when the
/// client names none, as the protocol has it.
fn choose(offered: &[PositionEncodingKind]) -> Encoding {
    let known = offered.iter().find_map(|kind| match kind {
        PositionEncodingKind::UTF8 => Some(Encoding::Utf8),
        PositionEncodingKind::UTF16 => Some(Encoding::Utf16),
        PositionEncodingKind::UTF32 => Some(Encoding::Utf32),
        PositionEncodingKind::Custom(_) => None,
    });
    known.unwrap_or_default()
}
