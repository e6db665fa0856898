// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux.bpf;

/// A function of the kernel that programs may call, see `bpf-helpers(7)`: the arguments are in R1 to R5,
/// the result is in R0. The numbers are those of `enum bpf_func_id` of `linux/bpf.h`.
public enum Helper {
    /// `void *map_lookup_elem(map, void *key)`: the value in the map, 0 if there is none.
    MAP_LOOKUP(1),

    /// `long map_update_elem(map, void *key, void *value, u64 flags)`: 0, or a negative errno.
    MAP_UPDATE(2),

    /// `u64 ktime_get_ns()`: CLOCK_MONOTONIC, the clock of [System#nanoTime].
    MONOTONIC_NANOS(5),

    /// `u32 get_smp_processor_id()`.
    PROCESSOR(8),

    /// `u64 get_current_pid_tgid()`: the pid of the thread that runs in the upper 32 bits, its tid in
    /// the lower.
    CURRENT_PID_AND_TID(14),

    /// `long probe_read_user(void *to, u32 size, const void *from)`: 0, or a negative errno.
    /// Since 5.5.
    READ_USER(112),

    /// `long probe_read_kernel(void *to, u32 size, const void *from)`: as above. Since 5.5.
    READ_KERNEL(113),

    /// `long probe_read_kernel_str(void *to, u32 size, const void *from)`: the length with the
    /// NUL, or a negative errno. Since 5.5.
    READ_KERNEL_STRING(115),

    /// `struct task_struct *get_current_task_btf()`: the thread that runs, as a pointer that may be followed with
    /// loads. Since 5.11.
    CURRENT_TASK(158),

    /// `long ringbuf_output(map, void *record, u64 size, u64 flags)`: 0, or a negative errno. Since 5.8,
    /// as the next ones.
    RING_OUTPUT(130),

    /// `void *ringbuf_reserve(map, u64 size, u64 flags)`: room for a record, 0 if there is none.
    RING_RESERVE(131),

    /// `void ringbuf_submit(void *record, u64 flags)`, see [RingBuffer#NO_WAKEUP].
    RING_SUBMIT(132),

    /// `void ringbuf_discard(void *record, u64 flags)`.
    RING_DISCARD(133),

    /// `u64 ringbuf_query(map, u64 what)`, see [RingBuffer#USED_BYTES].
    RING_QUERY(134);

    final int number;

    Helper(int number) {
        this.number = number;
    }
}
