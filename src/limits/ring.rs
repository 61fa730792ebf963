//! A queue of numbers that are all of one width in bits.
//!
//! A bucket of the default day needs 34 bits. In whole words one busy key would take 3 KB, packed it takes 1.7 KB.

/// Room is made for this many more records, at least: nothing is preallocated, and little is left over.
const STEP: u32 = 8;

/// And at most; in between a queue is doubled.
const LONGEST_STEP: u32 = 24;

/// A first-in-first-out queue. It does not know its width: the caller names the same one each time, so that it is not kept per key.
#[derive(Debug, Default)]
pub(super) struct Ring {
    words: Box<[u64]>,
    head: u32,
    len: u32,
}

impl Ring {
    pub(super) const fn len(&self) -> u32 {
        self.len
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The record at this place, counted from the oldest.
    pub(super) fn get(&self, width: u32, place: u32) -> Option<u64> {
        (place < self.len).then(|| read(&self.words, width, self.slot(width, place)))
    }

    pub(super) fn push(&mut self, width: u32, record: u64) {
        if self.len == self.room(width) {
            self.resize(width, self.len.saturating_add(self.len.clamp(STEP, LONGEST_STEP)));
        }
        let slot = self.slot(width, self.len);
        write(&mut self.words, width, slot, record);
        self.len += 1;
    }

    pub(super) fn pop(&mut self, width: u32) -> Option<u64> {
        let record = self.get(width, 0)?;
        self.head = self.slot(width, 1);
        self.len -= 1;
        Some(record)
    }

    /// Gives back what no step of growth left over.
    pub(super) fn shrink(&mut self, width: u32) {
        if self.room(width) >= self.len + LONGEST_STEP {
            self.resize(width, self.len);
        }
    }

    /// Bytes on the heap.
    #[cfg(test)]
    pub(super) const fn bytes(&self) -> usize {
        size_of_val(&*self.words)
    }

    fn room(&self, width: u32) -> u32 {
        u32::try_from(self.words.len() * 64 / size(width)).unwrap_or(u32::MAX)
    }

    fn slot(&self, width: u32, place: u32) -> u32 {
        let room = self.room(width).max(1);
        let slot = self.head + place;
        if slot < room { slot } else { slot - room }
    }

    fn resize(&mut self, width: u32, room: u32) {
        let mut words = vec![0; (size(room) * size(width)).div_ceil(64)].into_boxed_slice();
        if self.head == 0 {
            // The oldest is in front already: they stand where they will.
            words.iter_mut().zip(&self.words).for_each(|(new, old)| *new = *old);
        } else {
            for place in 0..self.len {
                write(&mut words, width, place, read(&self.words, width, self.slot(width, place)));
            }
        }
        (self.words, self.head) = (words, 0);
    }
}

fn read(words: &[u64], width: u32, slot: u32) -> u64 {
    let (word, shift) = find(width, slot);
    let low = words.get(word).copied().unwrap_or(0) >> shift;
    // A shift by 64 is not defined: two shifts.
    let high = words.get(word + 1).copied().unwrap_or(0) << 1 << (63 - shift);
    (low | high) & mask(width)
}

fn write(words: &mut [u64], width: u32, slot: u32, record: u64) {
    let (word, shift) = find(width, slot);
    let record = record & mask(width);
    if let Some(low) = words.get_mut(word) {
        *low = (*low & !(mask(width) << shift)) | (record << shift);
    }
    if let Some(high) = words.get_mut(word + 1) {
        *high = (*high & !(mask(width) >> 1 >> (63 - shift))) | (record >> 1 >> (63 - shift));
    }
}

fn find(width: u32, slot: u32) -> (usize, usize) {
    let bit = size(width) * size(slot);
    (bit / 64, bit % 64)
}

const fn mask(width: u32) -> u64 {
    u64::MAX >> (64 - width)
}

fn size(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn behaves_as_a_queue_of_whole_numbers(
            width in 1_u32..=64,
            steps in proptest::collection::vec((0_u8..8, any::<u64>()), 0..400),
        ) {
            let (mut ring, mut plain) = (Ring::default(), VecDeque::new());
            for (what, record) in steps {
                match what {
                    0..5 => {
                        ring.push(width, record);
                        plain.push_back(record & mask(width));
                    }
                    5..7 => prop_assert_eq!(ring.pop(width), plain.pop_front()),
                    _ => ring.shrink(width),
                }
                let all: VecDeque<u64> = (0..ring.len()).filter_map(|place| ring.get(width, place)).collect();
                prop_assert_eq!(&all, &plain);
            }
        }
    }

    #[test]
    fn an_emptied_ring_gives_its_memory_back() {
        let mut ring = Ring::default();
        (0..100).for_each(|record| ring.push(34, record));
        while ring.pop(34).is_some() {}
        ring.shrink(34);
        assert_eq!(ring.bytes(), 0);
    }
}
