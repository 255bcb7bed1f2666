//! Which worker a key belongs to.

use std::hash::{Hash, Hasher};

/// A number for a key, the same for the same bytes in every run: FNV-1a
/// (Fowler, Noll, Vo) of the key's bytes, and over it the finalizer of
/// SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number
/// Generators", OOPSLA 2014; the constants are David Stafford's "Mix13"), as FNV
/// alone leaves short keys close together.
///
/// It does not withstand keys that somebody has chosen to collide.
pub(super) fn number_of<K: Hash + ?Sized>(key: &K) -> u64 {
    let mut hasher = Fnv(0xcbf2_9ce4_8422_2325);
    key.hash(&mut hasher);
    hasher.finish()
}

struct Fnv(u64);

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    // Numbers are the same bytes on all machines.

    fn write_u16(&mut self, number: u16) {
        self.write(&number.to_le_bytes());
    }

    fn write_u32(&mut self, number: u32) {
        self.write(&number.to_le_bytes());
    }

    fn write_u64(&mut self, number: u64) {
        self.write(&number.to_le_bytes());
    }

    fn write_u128(&mut self, number: u128) {
        self.write(&number.to_le_bytes());
    }

    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }

    fn write_isize(&mut self, number: isize) {
        // With its sign, as on a machine of 64 bits.
        self.write_u64(number as i64 as u64);
    }

    fn finish(&self) -> u64 {
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }
}

/// The bucket of a key among so many, at least one: with one bucket more, one
/// key in so many moves, and all that do move to the new one. John Lamping and
/// Eric Veach, "A Fast, Minimal Memory, Consistent Hash Algorithm" (2014,
/// arXiv:1406.2294).
pub(super) fn bucket(mut key: u64, buckets: usize) -> usize {
    let (mut bucket, mut next) = (0, 0);
    while next < buckets as u64 {
        bucket = next;
        key = key.wrapping_mul(2_862_933_555_777_941_757).wrapping_add(1);
        let jump = (1_u64 << 31) as f64 / ((key >> 33) + 1) as f64;
        next = ((bucket + 1) as f64 * jump) as u64;
    }
    bucket as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_the_same_number_in_every_run() {
        let mut hasher = Fnv(0xcbf2_9ce4_8422_2325);
        hasher.write(b"foobar");
        assert_eq!(hasher.0, 0x8594_4171_f739_67e8);
        assert_eq!(number_of("a"), number_of(&String::from("a")));
        assert_ne!(number_of(&1_u32), number_of(&2_u32));
        assert_eq!(number_of(&(-1_isize)), number_of(&u64::MAX));
    }

    /// The values that the reference implementation gives.
    #[test]
    fn buckets_are_those_of_the_paper() {
        let of = |key, buckets| bucket(key, buckets);
        assert_eq!((of(0, 1), of(3, 1)), (0, 0));
        assert_eq!(of(1, 128), 55);
        assert_eq!(of(129, 2), 0);
        assert_eq!(of(0xdead_10cc, 666), 361);
        assert_eq!(of(256, 1024), 520);
        assert_eq!(of(0, 100_001), 0);
    }

    #[test]
    fn one_bucket_more_moves_one_key_in_so_many_and_only_there() {
        for buckets in [1, 2, 7, 16, 100] {
            let keys = 20_000;
            let mut moved = 0;
            for key in 0..keys {
                let number = number_of(&key);
                let (before, after) = (bucket(number, buckets), bucket(number, buckets + 1));
                if before != after {
                    assert_eq!(after, buckets);
                    moved += 1;
                }
            }
            let share = f64::from(moved) * (buckets + 1) as f64 / f64::from(keys);
            assert!((0.7..1.3).contains(&share), "{buckets}: {share}");
        }
    }

    #[test]
    fn keys_are_spread_evenly() {
        for spread in [1, 2, 64, 1000] {
            let mut counts = [0_u32; 10];
            for key in 0..20_000_u64 {
                counts[bucket(number_of(&(key * spread)), 10)] += 1;
            }
            let even = counts.iter().all(|count| (1_800..2_200).contains(count));
            assert!(even, "{counts:?}");
        }
    }
}
