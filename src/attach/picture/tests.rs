//! Pictures made here that say who took them and where.

use crate::{Extract, extract};

/// A block of EXIF tags: text fields of the main directory, and a position.
pub(crate) fn exif(little: bool) -> Vec<u8> {
    let short = |n: u16| if little { n.to_le_bytes() } else { n.to_be_bytes() };
    let long = |n: u32| if little { n.to_le_bytes() } else { n.to_be_bytes() };
    let mut block = if little { b"II*\0".to_vec() } else { b"MM\0*".to_vec() };
    let texts: [(u16, &[u8]); 4] = [
        (0x0110, b"Phone 15\0"),
        (0x0131, b"Editor 3\0"),
        (0x013b, "张三\0".as_bytes()),
        (0xa431, b"SN-123456\0"),
    ];
    let heap = 8 + 2 + (texts.len() + 1) * 12 + 4;
    let (mut fields, mut values): (Vec<u8>, Vec<u8>) = (Vec::new(), Vec::new());
    for (tag, text) in texts {
        fields.extend([short(tag), short(2)].concat());
        fields.extend(long(u32::try_from(text.len()).unwrap()));
        fields.extend(long(u32::try_from(heap + values.len()).unwrap()));
        values.extend(text);
    }
    let gps = heap + values.len();
    fields.extend([short(0x8825), short(4)].concat());
    fields.extend([long(1), long(u32::try_from(gps).unwrap())].concat());
    block.extend(long(8));
    block.extend(short(5));
    block.extend(fields);
    block.extend(long(0));
    block.extend(values);
    let numbers = u32::try_from(gps + 2 + 4 * 12 + 4).unwrap();
    block.extend(short(4));
    for (tag, kind, count, value) in
        [(1, 2, 2, None), (2, 5, 3, Some(numbers)), (3, 2, 2, None), (4, 5, 3, Some(numbers + 24))]
    {
        block.extend([short(tag), short(kind)].concat());
        block.extend(long(count));
        match value {
            Some(at) => block.extend(long(at)),
            None => block.extend(if tag == 1 { *b"N\0\0\0" } else { *b"E\0\0\0" }),
        }
    }
    block.extend(long(0));
    for (above, below) in [(36, 1), (40, 1), (1234, 100), (117, 1), (1, 1), (0, 0)] {
        block.extend([long(above), long(below)].concat());
    }
    block
}

pub(crate) fn jpeg(blocks: &[(u8, Vec<u8>)]) -> Vec<u8> {
    let mut file = b"\xff\xd8".to_vec();
    for (marker, body) in blocks {
        file.extend([0xff, *marker]);
        file.extend(u16::try_from(body.len() + 2).unwrap().to_be_bytes());
        file.extend(body);
    }
    file.extend(b"\xff\xda\0\x02pixels\xff\xd9");
    file
}

fn png(chunks: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, body) in chunks {
        file.extend(u32::try_from(body.len()).unwrap().to_be_bytes());
        file.extend(*kind);
        file.extend(body);
        file.extend([0; 4]);
    }
    file
}

const XMP: &str = "<x:xmpmeta xmlns:x='x'><rdf:RDF xmlns:rdf='r'><rdf:Description xmp:CreatorTool='Draw 9' \
    exif:GPSLatitude='36,40.05S' exif:GPSLongitude='117,1.5E'><dc:creator><rdf:Seq><rdf:li>李四</rdf:li></rdf:Seq>\
    </dc:creator><aux:SerialNumber>77</aux:SerialNumber></rdf:Description></rdf:RDF></x:xmpmeta>";

fn told(read: &Extract) -> Vec<(&'static str, &str)> {
    read.remarks.iter().map(|remark| (remark.rule.code, remark.message.zh.as_str())).collect()
}

#[test]
fn photographs_say_who_where_and_with_what() {
    let with = |little| {
        jpeg(&[(0xe0, b"JFIF\0".to_vec()), (0xe1, [b"Exif\0\0".as_slice(), &exif(little)].concat())])
    };
    let heic = [b"\0\0\0\x18ftypheic\0\0\0\0".as_slice(), b"....Exif\0\0", &exif(false)].concat();
    let webp = {
        let body = exif(true);
        let length = u32::try_from(body.len()).unwrap().to_le_bytes();
        [b"RIFF\0\0\0\0WEBPEXIF".as_slice(), &length, &body].concat()
    };
    for file in [with(true), with(false), png(&[(b"eXIf", exif(true))]), exif(false), heic, webp] {
        let read = extract("a.jpg", &file);
        assert_eq!(
            told(&read),
            [
                ("A118", "图片写有拍摄地点（约北纬36.7°、东经117.0°，原文精确到米）"),
                ("A119", "图片写有作者“张三”、设备序列号“SN-123456”"),
                ("A120", "图片写有设备型号“Phone 15”、制作软件“Editor 3”"),
            ]
        );
        assert!(read.passages.iter().any(|passage| passage.text == "张三"));
    }
}

#[test]
fn xmp_iptc_and_texts_of_png_are_read() {
    let xmp = [b"http://ns.adobe.com/xap/1.0/\0".as_slice(), XMP.as_bytes()].concat();
    let read = extract("a.jpg", &jpeg(&[(0xe1, xmp)]));
    assert_eq!(
        told(&read),
        [
            ("A118", "图片写有拍摄地点（约南纬36.0°、东经117.0°，原文精确到米）"),
            ("A119", "图片写有作者“李四”、设备序列号“77”"),
            ("A120", "图片写有制作软件“Draw 9”"),
        ]
    );
    let iptc = [
        b"Photoshop 3.0\08BIM\x04\x04\0\0\0\0\0\x20\x1c\x02\x50\0\x06".as_slice(),
        "王五".as_bytes(),
        b"\x1c\x02\x78\0\x03abc",
    ];
    let read =
        extract("a.jpg", &jpeg(&[(0xed, iptc.concat()), (0xfe, "电话13900008858".as_bytes().to_vec())]));
    assert_eq!(told(&read), [("A119", "图片写有作者“王五”")]);
    assert!(read.passages.iter().any(|passage| passage.text.contains("13900008858")));
    let packed = {
        use std::io::Write as _;
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(XMP.as_bytes()).unwrap();
        encoder.finish().unwrap()
    };
    let text = [b"XML:com.adobe.xmp\0\x01\0\0\0".as_slice(), &packed].concat();
    let read = extract("a.png", &png(&[(b"tEXt", b"Author\0Zhao".to_vec()), (b"iTXt", text)]));
    assert!(told(&read).contains(&("A119", "图片写有作者“Zhao”、作者“李四”、设备序列号“77”")), "{read:?}");
    assert!(extract("a.png", &png(&[(b"IHDR", vec![0; 13]), (b"IDAT", vec![1; 99])])).remarks.is_empty());
}

/// Directories in a circle, counts without end, texts that unpack to much.
#[test]
fn hostile_pictures_end_soon() {
    let mut circle = exif(true);
    let next = 8 + 2 + 5 * 12;
    circle[next..next + 4].copy_from_slice(&8_u32.to_le_bytes());
    let _ = extract("a.tif", &circle);
    let mut many = b"II*\0\x08\0\0\0\xff\xff".to_vec();
    many.extend(b"\x3b\x01\x02\0\xff\xff\xff\xff\0\0\0\0".repeat(70_000));
    let _ = extract("a.tif", &many);
    let bomb = {
        use std::io::Write as _;
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(&vec![b'a'; 32 << 20]).unwrap();
        encoder.finish().unwrap()
    };
    let text = [b"Author\0\0".as_slice(), &bomb].concat();
    let read = extract("a.png", &png(&[(b"zTXt", text)]));
    assert!(read.passages.iter().all(|passage| passage.text.len() < 3_000));
    let deep = format!("http://ns.adobe.com/xap/1.0/\0{}", "<a>".repeat(20_000));
    let _ = extract("a.jpg", &jpeg(&[(0xe1, deep.into_bytes())]));
    let whole = jpeg(&[(0xe1, [b"Exif\0\0".as_slice(), &exif(true)].concat())]);
    for cut in 0..whole.len() {
        let _ = extract("a.jpg", &whole[..cut]);
        let mut bytes = whole.clone();
        bytes[cut] ^= 0xff;
        let _ = extract("a.jpg", &bytes);
    }
}
