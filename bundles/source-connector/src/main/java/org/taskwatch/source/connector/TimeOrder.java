// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.connector;

/// The order in time of the messages of one receive. For the pump thread only.
///
/// The kernel dates a message and then queues it, and processors race for the queue in between:
/// about one message in 300 of a storm on two processors is behind a later one, by up to 60 us, and
/// with more workers than processors by up to 600 us. The messages of one task never are: a task
/// queues its message before it goes on, and that of its birth is queued before it runs. So there
/// is nothing to wait for. What one receive has found is put in order, which holds nothing back,
/// and what the next one finds earlier by some microseconds is another task's.
///
/// Few are out of place, and not far: so this is an insertion sort. Equal times keep their order.
final class TimeOrder {
    private final int[] indexes;
    private final long[] times;
    private int size;

    TimeOrder(int capacity) {
        indexes = new int[capacity];
        times = new long[capacity];
    }

    void clear() {
        size = 0;
    }

    /// Takes in a message, after all that are not later.
    void add(int index, long nanos) {
        int place = size++;
        for (; place > 0 && times[place - 1] > nanos; place--) {
            times[place] = times[place - 1];
            indexes[place] = indexes[place - 1];
        }
        times[place] = nanos;
        indexes[place] = index;
    }

    int size() {
        return size;
    }

    /// {@return the index of the message in a place}
    int index(int place) {
        return indexes[place];
    }
}
