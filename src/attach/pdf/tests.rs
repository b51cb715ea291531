//! PDFs made here: set in odd ways, and built to keep a reader busy.

use std::fmt::Write as _;
use std::io::Write as _;

use crate::{Extract, Veil, extract};

/// A PDF of numbered objects, with a plain trailer.
fn pdf(objects: &[(u32, Vec<u8>)], root: &str) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n".to_vec();
    for (id, body) in objects {
        out.extend(format!("{id} 0 obj\n").bytes());
        out.extend(body);
        out.extend(b"\nendobj\n");
    }
    out.extend(format!("trailer\n<<{root}>>\nstartxref\n0\n%%EOF\n").bytes());
    out
}

fn text(body: &str) -> Vec<u8> {
    body.as_bytes().to_vec()
}

fn stream(dictionary: &str, content: &[u8]) -> Vec<u8> {
    let mut out = format!("<<{dictionary}/Length {}>>stream\n", content.len()).into_bytes();
    out.extend(content);
    out.extend(b"\nendstream");
    out
}

fn flate(content: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

fn packed(dictionary: &str, content: &[u8]) -> Vec<u8> {
    stream(&format!("{dictionary}/Filter/FlateDecode"), &flate(content))
}

const CATALOG: &str = "<</Type/Catalog/Pages 2 0 R>>";
const TREE: &str = "<</Type/Pages/Kids[3 0 R]/Count 1>>";
const FONT: &str = "<</Type/Font/Subtype/Type1/BaseFont/Courier/Encoding/WinAnsiEncoding>>";

/// A page with a content and a font F1, and more objects.
fn page(content: &[u8], more: &[(u32, Vec<u8>)]) -> Vec<u8> {
    let mut objects = vec![
        (1, text(CATALOG)),
        (2, text(TREE)),
        (
            3,
            text(
                "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>/XObject<</X 6 0 R>>>>>>",
            ),
        ),
        (4, stream("", content)),
        (5, text(FONT)),
    ];
    for (id, body) in more {
        objects.retain(|(known, _)| known != id);
        objects.push((*id, body.clone()));
    }
    pdf(&objects, "/Root 1 0 R")
}

fn lines(read: &Extract) -> Vec<&str> {
    read.passages.iter().filter(|it| it.veil == Veil::None).map(|it| it.text.as_str()).collect()
}

fn codes(read: &Extract) -> Vec<&'static str> {
    let mut codes: Vec<_> = read.remarks.iter().map(|remark| remark.rule.code).collect();
    codes.dedup();
    codes
}

#[test]
fn a_line_is_whole_however_it_was_set() {
    let content = b"BT /F1 10 Tf 1 0 0 1 50 700 Tm (13) Tj [(9) -50 (000) 20 (08858)] TJ 200 0 Td (110105) Tj ET \
        q BT /F1 10 Tf 1 0 0 1 280 700 Tm (19491231002X) Tj ET Q \
        BT /F1 10 Tf 50 680 Td (second) Tj 0 -20 Td (thi\\162d) Tj 12 TL T* (f) Tj 5 0 Td (ourth) Tj <66> ' ET";
    let read = extract("a.pdf", &page(content, &[]));
    assert_eq!(
        lines(&read),
        ["13900008858 11010519491231002X", "second", "third", "fourth", "f"],
        "{read:?}"
    );
    assert!(read.remarks.is_empty(), "{read:?}");
}

/// Cells of a table stand closer than a digit is wide.
#[test]
fn cells_stand_apart_by_the_widths_of_the_font() {
    let font = "<</Type/Font/Subtype/TrueType/BaseFont/A/FirstChar 48/Widths[555 555 555 555 555 555 555 555 555 555]\
        /Encoding/WinAnsiEncoding>>";
    let digits = |digits: &str, x: f32, one_by_one: bool| {
        let mut content = format!("BT /F1 16 Tf 1 0 0 -1 {x} 129 Tm ");
        if one_by_one {
            for digit in digits.chars() {
                write!(content, "({digit}) Tj 8.88 0 Td ").unwrap();
            }
        } else {
            write!(content, "({digits}) Tj ").unwrap();
        }
        content + "ET "
    };
    for one_by_one in [true, false] {
        let content = digits("13900008858", 51.0, one_by_one) + &digits("110105194912310", 154.7, one_by_one);
        let read = extract("a.pdf", &page(content.as_bytes(), &[(5, text(font))]));
        assert_eq!(lines(&read), ["13900008858 110105194912310"], "{one_by_one}");
    }
    let wide = "<</Type/Font/Subtype/Type0/Encoding/Identity-H/ToUnicode 7 0 R/DescendantFonts[<</DW 1000/W[1 [500 500] 9 12 600]>>]>>";
    let table = "beginbfrange <0001> <000c> <0031> endbfrange";
    let content =
        b"BT /F1 10 Tf 1 0 0 1 0 0 Tm <00010002> Tj 1 0 0 1 10 0 Tm <0009> Tj 1 0 0 1 19 0 Tm <0009> Tj ET";
    let read = extract("a.pdf", &page(content, &[(5, text(wide)), (7, stream("", table.as_bytes()))]));
    assert_eq!(lines(&read), ["129 9"]);
}

#[test]
fn tables_of_characters_and_chinese_encodings_are_read() {
    let table = "begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange \
        2 beginbfchar <0001> <7535> <0002> <8BDD8BDD> endbfchar \
        2 beginbfrange <0010> <0019> <0030> <0020> <0021> [<7532> <4E59>] endbfrange endcmap";
    let font = "<</Type/Font/Subtype/Type0/Encoding/Identity-H/ToUnicode 7 0 R>>";
    let content = b"BT /F1 10 Tf <0001000200110013001900200021> Tj ET";
    let more = [(5, text(font)), (7, packed("", table.as_bytes()))];
    assert_eq!(lines(&extract("a.pdf", &page(content, &more))), ["电话话139甲乙"]);

    for (name, encoding) in [("GBK-EUC-H", encoding_rs::GBK), ("UniGB-UCS2-H", encoding_rs::UTF_16BE)] {
        let codes: Vec<u8> = match name {
            "GBK-EUC-H" => encoding.encode("身份证").0.into_owned(),
            _ => "身份证".encode_utf16().flat_map(u16::to_be_bytes).collect(),
        };
        let shown = codes.iter().fold(String::new(), |mut all, byte| {
            write!(all, "{byte:02x}").unwrap();
            all
        });
        let font = format!("<</Type/Font/Subtype/Type0/Encoding/{name}>>");
        let content = format!("BT /F1 10 Tf <{shown}> Tj ET");
        let read = extract("a.pdf", &page(content.as_bytes(), &[(5, text(&font))]));
        assert_eq!(lines(&read), ["身份证"], "{name}");
    }
}

#[test]
fn forms_fields_and_older_versions_are_read() {
    let form = stream(
        "/Type/XObject/Subtype/Form/Resources<</Font<</F2 5 0 R>>>>",
        b"BT /F2 9 Tf (in a form) Tj ET",
    );
    let field = "<</FT/Tx/T(name)/V(13900008858)>>";
    let read = extract("a.pdf", &page(b"/X Do", &[(6, form), (8, text(field))]));
    assert_eq!(lines(&read), ["in a form", "13900008858"]);
    // Saved again: the last object with a number counts.
    let mut twice = page(b"BT /F1 9 Tf (old) Tj ET", &[]);
    twice.extend(pdf(&[(4, stream("", b"BT /F1 9 Tf (new) Tj ET"))], "/Root 1 0 R"));
    assert_eq!(lines(&extract("a.pdf", &twice)), ["new"]);
}

#[test]
fn objects_in_object_streams_are_read() {
    let one = "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>";
    let body = format!("{one} {FONT} (late)");
    let head = format!("3 0 5 {} 9 {} ", one.len() + 1, one.len() + 2 + FONT.len());
    let container =
        packed(&format!("/Type/ObjStm/N 3/First {}", head.len()), format!("{head}{body}").as_bytes());
    let objects =
        [(1, text(CATALOG)), (2, text(TREE)), (4, stream("", b"BT /F1 9 Tf (packed) Tj ET")), (8, container)];
    let read = extract("a.pdf", &pdf(&objects, "/Root 1 0 R"));
    assert_eq!(lines(&read), ["packed"], "{read:?}");
    assert!(read.remarks.is_empty(), "{read:?}");
}

/// An object stream whose objects lie where a table says.
fn container(ids: std::ops::Range<u32>, offset: impl Fn(u32) -> usize, body: &[u8]) -> Vec<u8> {
    let mut head = String::new();
    let first = ids.start;
    for id in ids.clone() {
        write!(head, "{id} {} ", offset(id - first)).unwrap();
    }
    let content = [head.as_bytes(), body].concat();
    packed(&format!("/Type/ObjStm/N {}/First {}", ids.len(), head.len()), &content)
}

type Files = Vec<(&'static str, Vec<u8>)>;

/// Small files that keep a trusting reader busy, by name.
fn hostile() -> Files {
    [object_streams(), structures(), filters(), fonts_and_forms(), shared_parts()].concat()
}

fn object_streams() -> Files {
    let with = |more: Vec<u8>| page(b"", &[(10, more)]);
    vec![
        (
            "one long string for many objects",
            with(container(
                1_000..3_000,
                |_| 0,
                &[b"(".to_vec(), vec![b'a'; 2_000_000], b")".to_vec()].concat(),
            )),
        ),
        ("one long number for many objects", with(container(1_000..3_000, |_| 0, &vec![b'1'; 2_000_000]))),
        ("objects that begin inside each other", {
            let nest = ["[".repeat(60), "0 ".repeat(500_000), "]".repeat(60)].concat();
            with(container(1_000..1_060, |n| n as usize, nest.as_bytes()))
        }),
        (
            "an object stream that says it has billions",
            with(packed("/Type/ObjStm/N 4294967295/First 4294967295", b"1 0")),
        ),
        ("an object stream in itself", with(container(10..11, |_| 0, b"<</Type/ObjStm/N 1/First 5>>"))),
        (
            "an object stream of 24 MB",
            with(packed("/Type/ObjStm/N 1/First 4", &[b"9 0 (".as_slice(), &vec![b'a'; 24 << 20]].concat())),
        ),
    ]
}

fn structures() -> Files {
    let show = b"BT /F1 9 Tf (x) Tj ET";
    vec![
        ("a length that is itself", page(b"", &[(4, text("<</Length 4 0 R>>stream\nBT ET\nendstream"))])),
        (
            "a tree of pages in a circle",
            page(show, &[(2, text("<</Type/Pages/Kids[2 0 R 3 0 R 2 0 R]/Parent 2 0 R/Count 3>>"))]),
        ),
        (
            "a page counted two billion times",
            page(show, &[(2, text("<</Type/Pages/Kids[3 0 R]/Count 2147483647>>"))]),
        ),
        ("sections that follow each other in a circle", {
            let mut file = page(show, &[]);
            file.extend(b"xref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 4294967295/Prev 9/XRefStm 9/Root 1 0 R>>\nstartxref\n9\n%%EOF");
            file
        }),
        (
            "a cross-reference stream without end",
            page(
                show,
                &[(9, packed("/Type/XRef/Size 4294967295/W[0 0 0]/Index[0 4294967295]/Root 1 0 R", b""))],
            ),
        ),
        ("arrays 300,000 deep", page(show, &[(9, text(&"[".repeat(300_000)))])),
        ("dictionaries 100,000 deep", page(show, &[(9, text(&"<</A".repeat(100_000)))])),
        (
            "a string that never ends, again and again",
            page(show, &[(9, text(&"9 0 obj 5 [(".repeat(100_000)))]),
        ),
    ]
}

fn filters() -> Files {
    vec![
        ("a content of 24 MB", page(b"", &[(4, packed("", &vec![b' '; 24 << 20]))])),
        ("filters on filters", {
            let mut content = vec![b'0'; 8 << 20];
            for _ in 0..3 {
                content = flate(&content);
            }
            page(b"", &[(4, stream(&format!("/Filter[{}]", "/FlateDecode".repeat(3)), &content))])
        }),
        (
            "a thousand filters",
            page(b"", &[(4, stream(&format!("/Filter[{}]", "/ASCIIHexDecode".repeat(1_000)), b"00"))]),
        ),
        (
            "rows of a predictor without measure",
            page(
                b"",
                &[(
                    4,
                    packed(
                        "/DecodeParms<</Predictor 15/Columns 2147483647/Colors 2147483647/BitsPerComponent 16>>",
                        &vec![2; 1 << 20],
                    ),
                )],
            ),
        ),
    ]
}

fn fonts_and_forms() -> Files {
    let mut all = vec![
        ("a table for every code there is", {
            let table = "begincodespacerange <00000000> <FFFFFFFF> endcodespacerange beginbfrange <00000000> <FFFFFFFF> <0041> endbfrange";
            page(
                b"BT /F1 9 Tf <00000001> Tj ET",
                &[
                    (5, text("<</Type/Font/Subtype/Type0/ToUnicode 7 0 R>>")),
                    (7, stream("", table.as_bytes())),
                ],
            )
        }),
        ("widths for every code, again and again", {
            let widths = "0 65535 500 ".repeat(100_000);
            let font = format!(
                "<</Type/Font/Subtype/Type0/Encoding/Identity-H/ToUnicode 7 0 R/DescendantFonts[<</W[{widths}]>>]>>"
            );
            page(
                b"BT /F1 9 Tf <0001> Tj ET",
                &[(5, text(&font)), (7, stream("", b"beginbfchar <0001> <0041> endbfchar"))],
            )
        }),
        ("a code that stands for a book", {
            let table = format!("beginbfchar <01> <{}> endbfchar", "0041".repeat(500_000));
            let content = format!("BT /F1 9 Tf <{}> Tj ET", "01".repeat(1_000_000));
            page(
                content.as_bytes(),
                &[(5, text("<</Type/Font/ToUnicode 7 0 R>>")), (7, stream("", table.as_bytes()))],
            )
        }),
        (
            "a form that draws itself",
            page(b"/X Do /X Do", &[(6, stream("/Subtype/Form", b"/X Do /X Do /X Do"))]),
        ),
        ("pictures in a content that never end", page(&b"BI ID ".repeat(200_000), &[])),
        ("a loop of names", page(b"", &[(4, text("8 0 R")), (8, text("4 0 R"))])),
        (
            "a password that is none",
            pdf(
                &[
                    (1, text(CATALOG)),
                    (9, text("<</Filter/Standard/V 5/R 6/O(o)/U(u)/P -1/Length 4294967295>>")),
                ],
                "/Root 1 0 R/Encrypt 9 0 R/ID[(a)(a)]",
            ),
        ),
    ];
    // A fan of forms: each draws the next ten times.
    let mut fan: Vec<(u32, Vec<u8>)> = (0..12)
        .map(|n| {
            let resources = format!("/Subtype/Form/Resources<</XObject<</X {} 0 R>>>>", 21 + n);
            (20 + n, stream(&resources, &b"/X Do ".repeat(10)))
        })
        .collect();
    fan.push((6, stream("/Subtype/Form/Resources<</XObject<</X 20 0 R>>>>", b"/X Do")));
    all.push(("a fan of forms", page(b"/X Do", &fan)));
    all
}

fn shared_parts() -> Files {
    let mut all = Vec::new();
    // Many pages that share one long content, and one that names it very often.
    let content = packed("", &b"BT (aaaa) Tj ET ".repeat(200_000));
    let kids: String = (100..2_100).fold(String::new(), |all, id| all + &format!("{id} 0 R "));
    let mut shared: Vec<(u32, Vec<u8>)> =
        (100..2_100).map(|id| (id, text("<</Type/Page/Contents 4 0 R>>"))).collect();
    shared.extend([(2, text(&format!("<</Type/Pages/Kids[{kids}]>>"))), (4, content.clone())]);
    all.push(("pages that share one content", page(b"", &shared)));
    let often = format!("<</Type/Page/Contents[{}]>>", "4 0 R ".repeat(100_000));
    all.push(("a page that names one content often", page(b"", &[(3, text(&often)), (4, content)])));
    // Very many fonts that share one table.
    let entries: String = (0..40_000_u32).fold(String::new(), |all, n| all + &format!("<{n:04x}> <4e00>\n"));
    let table = packed("", format!("beginbfchar {entries} endbfchar").as_bytes());
    let mut fonts = vec![(7, table)];
    let mut names = String::new();
    let mut uses = String::from("BT ");
    for n in 100..2_100 {
        fonts.push((n, text("<</Type/Font/Subtype/Type0/ToUnicode 7 0 R>>")));
        write!(names, "/F{n} {n} 0 R").unwrap();
        write!(uses, "/F{n} 9 Tf (ab) Tj ").unwrap();
    }
    fonts.push((3, text(&format!("<</Type/Page/Contents 4 0 R/Resources<</Font<<{names}>>>>>>"))));
    all.push(("fonts that share one table", page(uses.as_bytes(), &fonts)));
    all
}

#[test]
fn hostile_files_end_soon_and_are_told() {
    // Those that are read whole all the same.
    let harmless = [
        "a length that is itself",
        "a tree of pages in a circle",
        "a page counted two billion times",
        "sections that follow each other in a circle",
        "a cross-reference stream without end",
        "a table for every code there is",
        "an object stream in itself",
        "a string that never ends, again and again",
        "a code that stands for a book",
        "widths for every code, again and again",
    ];
    for (name, file) in hostile() {
        let read = extract("a.pdf", &file);
        let text: usize = read.passages.iter().map(|passage| passage.text.len()).sum();
        assert!(text <= 16 << 20, "{name}: {text}");
        let is_told = codes(&read).iter().any(|code| matches!(*code, "A101" | "A102" | "A105"));
        assert!(is_told || harmless.contains(&name), "{name}: {:?}", codes(&read));
        if name == "one long string for many objects" {
            let told = read.remarks.iter().find(|remark| remark.rule.code == "A101").unwrap();
            assert!(told.message.zh.contains("重新导出") && told.message.zh.contains("个人信息"), "{told:?}");
        }
    }
}
