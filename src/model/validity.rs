//! Whether a document is in force on a day.

use jiff::civil::Date;

use super::{PolicyMeta, Stage, Validity};

/// The validity on a day, as far as the document itself tells: its printed
/// value where that cannot follow from dates, else what the dates say. None
/// when nothing is printed and no date decides (原文未标注).
#[must_use]
pub fn validity_on(meta: &PolicyMeta, day: Date) -> Option<Validity> {
    let printed = meta.validity.as_ref().map(|validity| validity.value);
    if matches!(printed, Some(Validity::Repealed | Validity::Amended | Validity::Partial | Validity::Expired))
    {
        return printed;
    }
    if meta.stage == Stage::Consultation {
        return printed;
    }
    if meta.expires.as_ref().is_some_and(|expires| expires.value < day) {
        return Some(Validity::Expired);
    }
    if meta.effective.as_ref().is_some_and(|effective| effective.value > day) {
        return Some(Validity::NotYet);
    }
    if meta.effective.is_some() || meta.expires.is_some() { Some(Validity::InForce) } else { printed }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::Spanned;
    use jiedu_base::text::TextRange;

    #[test]
    fn dates_decide_unless_something_else_is_printed() {
        let spanned = |value| Some(Spanned { value, range: TextRange::default() });
        let mut meta = PolicyMeta {
            effective: spanned(date(2026, 4, 1)),
            expires: spanned(date(2031, 3, 31)),
            ..PolicyMeta::default()
        };
        assert_eq!(validity_on(&meta, date(2026, 3, 31)), Some(Validity::NotYet));
        assert_eq!(validity_on(&meta, date(2031, 3, 31)), Some(Validity::InForce));
        assert_eq!(validity_on(&meta, date(2031, 4, 1)), Some(Validity::Expired));
        meta.validity = Some(Spanned { value: Validity::Repealed, range: TextRange::default() });
        assert_eq!(validity_on(&meta, date(2026, 5, 1)), Some(Validity::Repealed));
        assert_eq!(validity_on(&PolicyMeta::default(), date(2026, 5, 1)), None);
    }
}
