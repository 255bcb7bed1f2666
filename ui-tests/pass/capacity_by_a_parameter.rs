//! The capacity may be a parameter of the enum.
use zctor::prelude::*;

#[actor(mailbox = N, overflow = reject)]
enum Buffer<const N: usize> {
    Put([u8; N]),
    #[reply(usize)]
    Sum,
}

#[derive(Default)]
struct Bytes(usize);

#[handlers]
impl<const N: usize> BufferActor<N> for Bytes {
    fn put(&mut self, bytes: [u8; N]) {
        self.0 += bytes.into_iter().map(usize::from).sum::<usize>();
    }
    fn sum(&self) -> usize {
        self.0
    }
}

#[actor(mailbox = lock_free(N), overflow = reject)]
enum Ring<const N: usize> {
    Put(u8),
}

#[handlers]
impl<const N: usize> RingActor<N> for Bytes {
    fn put(&mut self, byte: u8) {
        self.0 += usize::from(byte);
    }
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let buffer: BufferHandle<4> = Buffer::spawn(&system, Bytes::default());
    buffer.put([1, 2, 3, 4])?;
    assert_eq!(buffer.sum().wait()?, 10);
    assert_eq!(Buffer::<4>::MAILBOX.capacity(), Some(4));
    let ring: RingHandle<2> = Ring::spawn(&system, Bytes::default());
    ring.put(1)?;
    assert_eq!(Ring::<2>::MAILBOX.capacity(), Some(2));
    system.shutdown().wait()
}
