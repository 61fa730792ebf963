//! Windows as bytes, for the time between two processes.
//!
//! Version 1: the byte 1, then the minute, then the day. A window is the number of its buckets and, when there are any, the instant of the
//! first (eight bytes, little end first), for each the distance to the one before (not for the first) and its count, and how long the
//! newest has been open. Instants are those of acceptance, so a changed quota can read them. Numbers without a stated length are base 128,
//! low digits first, in the shortest form. An entry with nothing in it is no bytes at all.

use super::sliding::Bucket;

const VERSION: u8 = 1;

/// Saved windows that cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SavedError {
    /// Of a version that this program does not know.
    #[error("saved limits are of the unknown version {0}")]
    Version(u8),
    /// Cut short, too long, or with numbers that cannot be.
    #[error("saved limits are damaged")]
    Damaged,
}

/// Both windows as bytes; none when both are empty.
pub(super) fn write(minute: &[Bucket], day: &[Bucket]) -> Vec<u8> {
    if minute.is_empty() && day.is_empty() {
        return Vec::new();
    }
    let mut bytes = vec![VERSION];
    write_window(&mut bytes, minute);
    write_window(&mut bytes, day);
    bytes
}

/// The two windows that `write` wrote.
pub(super) fn read(bytes: &[u8]) -> Result<[Vec<Bucket>; 2], SavedError> {
    let Some((&version, rest)) = bytes.split_first() else { return Ok([Vec::new(), Vec::new()]) };
    if version != VERSION {
        return Err(SavedError::Version(version));
    }
    let mut reader = Reader(rest);
    let windows = reader.window().zip(reader.window()).map(<[Vec<Bucket>; 2]>::from);
    let whole = reader.0.is_empty();
    windows.filter(|[minute, day]| whole && !(minute.is_empty() && day.is_empty())).ok_or(SavedError::Damaged)
}

fn write_window(bytes: &mut Vec<u8>, buckets: &[Bucket]) {
    write_number(bytes, u64::try_from(buckets.len()).unwrap_or(u64::MAX));
    let mut before = None;
    for bucket in buckets {
        match before {
            None => bytes.extend_from_slice(&bucket.last.to_le_bytes()),
            Some(before) => write_number(bytes, bucket.last.abs_diff(before)),
        }
        write_number(bytes, u64::from(bucket.count));
        before = Some(bucket.last);
    }
    if let Some(open) = buckets.last() {
        write_number(bytes, open.last.abs_diff(open.first));
    }
}

fn write_number(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.extend(u8::try_from(number & 0x7f).map(|digit| digit | 0x80));
        number >>= 7;
    }
    bytes.extend(u8::try_from(number));
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn window(&mut self) -> Option<Vec<Bucket>> {
        let mut buckets = Vec::new();
        // Every bucket is read before the next is made room for: a large number costs nothing.
        for place in 0..self.number()? {
            let before = buckets.last().map(|b: &Bucket| b.last);
            buckets.push(self.bucket(place, before)?);
        }
        if let Some(open) = buckets.last_mut() {
            open.first = open.last.checked_sub_unsigned(self.number()?)?;
        }
        Some(buckets)
    }

    fn bucket(&mut self, place: u64, before: Option<i64>) -> Option<Bucket> {
        let last = match before {
            Some(before) if place > 0 => before.checked_add_unsigned(self.number()?)?,
            _ => self.instant()?,
        };
        let count = u32::try_from(self.number()?).ok().filter(|&count| count > 0)?;
        Some(Bucket { first: last, last, count })
    }

    fn instant(&mut self) -> Option<i64> {
        let (bytes, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(i64::from_le_bytes(*bytes))
    }

    fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for place in 0..10 {
            let (&byte, rest) = self.0.split_first()?;
            self.0 = rest;
            let digit = u64::from(byte & 0x7f);
            // A tenth digit has room for one bit, and a last digit of 0 would be a longer form of a shorter number.
            if (place == 9 && digit > 1) || (byte == 0 && place > 0) {
                return None;
            }
            number |= digit << (7 * place);
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn buckets() -> impl Strategy<Value = Vec<Bucket>> {
        let gaps = proptest::collection::vec((any::<u32>(), 1_u32..), 0..40);
        (any::<i32>(), gaps, 0_i64..1 << 40).prop_map(|(start, gaps, span)| {
            let mut last = i64::from(start);
            let mut buckets: Vec<Bucket> = gaps
                .into_iter()
                .map(|(gap, count)| {
                    last += i64::from(gap);
                    Bucket { first: last, last, count }
                })
                .collect();
            buckets.iter_mut().next_back().into_iter().for_each(|open| open.first -= span);
            buckets
        })
    }

    proptest! {
        #[test]
        fn what_was_written_is_read_and_every_other_length_refused(minute in buckets(), day in buckets()) {
            let bytes = write(&minute, &day);
            prop_assert_eq!(read(&bytes), Ok([minute, day]));
            for len in 1..bytes.len() {
                prop_assert_eq!(read(&bytes[..len]), Err(SavedError::Damaged));
            }
            let longer = [bytes.as_slice(), &[0]].concat();
            prop_assert!(bytes.is_empty() || read(&longer).is_err());
        }

        #[test]
        fn any_bytes_are_read_or_refused_without_a_panic_and_mean_one_thing(bytes: Vec<u8>) {
            for bytes in [bytes.clone(), [vec![VERSION], bytes].concat()] {
                if let Ok([minute, day]) = read(&bytes) {
                    prop_assert_eq!(write(&minute, &day), bytes);
                }
            }
        }
    }

    #[test]
    fn an_unknown_version_a_window_without_anything_and_huge_numbers_are_refused() {
        assert_eq!(read(&[2, 0, 0]), Err(SavedError::Version(2)));
        assert_eq!(read(&[1, 0, 0]), Err(SavedError::Damaged));
        assert_eq!(read(&[[1].as_slice(), &[0xff; 9], &[1]].concat()), Err(SavedError::Damaged));
        assert_eq!(read(&[]), Ok([Vec::new(), Vec::new()]));
    }
}
