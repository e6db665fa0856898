// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.connector;

import java.util.function.IntPredicate;

/// The order in time of the messages that were received and not recorded yet. For the pump thread only.
///
/// The kernel dates a message and then queues it, and processors race for the queue in between:
/// about one message in 300 of a storm on two processors is behind a later one, by up to 60 us, and
/// with more workers than processors by up to 600 us. The messages of one task never are: a task
/// queues its message before it goes on, and that of its birth is queued before it runs. So there
/// is nothing to wait for. What is there is put in order, which holds nothing back, and what comes
/// after a message was recorded, but is earlier by some microseconds, is another task's.
///
/// Few are out of place, and not far: so this is an insertion sort. Equal times keep their order, and
/// what was taken out stays before what comes later.
final class TimeOrder {
    private final int[] indexes;
    private final long[] times;
    private int taken;
    private int size;

    TimeOrder(int capacity) {
        indexes = new int[capacity];
        times = new long[capacity];
    }

    boolean isEmpty() {
        return taken == size;
    }

    /// Takes in a message, after all that are not later.
    ///
    /// @param index which; there are never more at a time than the capacity
    void add(int index, long nanos) {
        makeRoom();
        int place = size++;
        for (; place > taken && times[place - 1] > nanos; place--) {
            times[place] = times[place - 1];
            indexes[place] = indexes[place - 1];
        }
        times[place] = nanos;
        indexes[place] = index;
    }

    private void makeRoom() {
        if (isEmpty()) {
            taken = 0;
            size = 0;
        } else if (size == indexes.length) {
            size -= taken;
            System.arraycopy(indexes, taken, indexes, 0, size);
            System.arraycopy(times, taken, times, 0, size);
            taken = 0;
        }
    }

    /// {@return the index of the first message, which is taken out}
    int take() {
        return indexes[taken++];
    }

    /// {@return whether one of the messages has an index of a kind}
    boolean anyMatch(IntPredicate index) {
        for (int place = taken; place < size; place++) {
            if (index.test(indexes[place])) {
                return true;
            }
        }
        return false;
    }

    /// {@return the lowest index of a message that is not below another one}
    ///
    /// @param from that one
    /// @param none what to return if there is none
    int lowest(int from, int none) {
        int lowest = none;
        for (int place = taken; place < size; place++) {
            if (indexes[place] >= from) {
                lowest = Math.min(lowest, indexes[place]);
            }
        }
        return lowest;
    }
}
