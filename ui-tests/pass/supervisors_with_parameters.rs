//! Supervisors of actors that are parameters.

#![deny(warnings)]

use std::marker::PhantomData;

use zctor::Spawn;
use zctor::prelude::*;

#[actor]
enum Store<T: Clone> {
    Put(T),
    #[reply(Option<T>)]
    Get,
}

struct Shelf<T>(Option<T>);

#[handlers]
impl<T: Clone + Send + 'static> StoreActor<T> for Shelf<T> {
    fn put(&mut self, value: T) {
        self.0 = Some(value);
    }
    fn get(&self) -> Option<T> {
        self.0.clone()
    }
}

/// No message mentions the parameter.
#[supervisor(strategy = one_for_all)]
enum Shop<T: Clone> {
    #[child]
    Store(Store<T>),
    #[child(dynamic, restart = transient)]
    Guest(Store<T>, T),
}

struct Premises<T>(PhantomData<fn() -> T>);

impl<T: Clone + Send + 'static> ShopChildren<T> for Premises<T> {
    fn store(&mut self, _: &ShopHandle<T>) -> Child<Store<T>> {
        Store::child(Shelf(None))
    }
    fn guest(&mut self, _: &ShopHandle<T>, value: T) -> Child<Store<T>> {
        Store::child(Shelf(Some(value)))
    }
}

/// Any actor at all.
#[supervisor]
enum Pool<P: Spawn, const N: usize = 3> {
    #[child(count = N)]
    Member(P),
}

struct Make<F>(F);

impl<P: Spawn, const N: usize, F> PoolChildren<P, N> for Make<F>
where
    F: FnMut(usize) -> Child<P> + Send + 'static,
{
    fn member(&mut self, _: &PoolHandle<P, N>, index: usize) -> Child<P> {
        (self.0)(index)
    }
}

fn main() {
    let system = System::new().unwrap();
    let shop = Shop::<String>::start(&system, Premises(PhantomData)).wait().unwrap();
    shop.store().put("jar".to_owned()).unwrap();
    assert_eq!(shop.store().get().wait().unwrap().as_deref(), Some("jar"));
    let guest = shop.start_guest("hat".to_owned()).wait().unwrap();
    assert_eq!(guest.get().wait().unwrap().as_deref(), Some("hat"));
    let make = Make(|index| Store::<usize>::child(Shelf(Some(index))));
    let pool = Pool::<Store<usize>, 4>::start(&system, make).wait().unwrap();
    let members = pool.members();
    assert_eq!(members.len(), 4);
    assert_eq!(members[2].get().wait().unwrap(), Some(2));
    system.shutdown().wait().unwrap();
}
