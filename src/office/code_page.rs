//! The encodings that Windows numbers, as far as they are met in office documents.

use encoding_rs::{
    BIG5, EUC_KR, Encoding, GB18030, SHIFT_JIS, UTF_8, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252,
};

pub(super) fn encoding_of_page(page: i32) -> &'static Encoding {
    match page {
        936 | 10008 | 54936 => GB18030,
        950 => BIG5,
        932 => SHIFT_JIS,
        949 => EUC_KR,
        1250 => WINDOWS_1250,
        1251 => WINDOWS_1251,
        65001 => UTF_8,
        _ => WINDOWS_1252,
    }
}

pub(super) fn encoding_of_charset(charset: i32) -> Option<&'static Encoding> {
    Some(match charset {
        134 => GB18030,
        136 => BIG5,
        128 => SHIFT_JIS,
        129 => EUC_KR,
        204 => WINDOWS_1251,
        238 => WINDOWS_1250,
        _ => return None,
    })
}
