// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Waits for events on many descriptors, see `epoll(7)`; level-triggered where nothing else is said. For one thread at a time, so it
/// must not be closed while another is inside [#await].
public final class Epoll extends Descriptor {
    /// There is something to read: EPOLLIN. For a [PidFd]: all threads of the process have exited.
    public static final int READABLE = 0x1;

    /// The other side is gone: EPOLLHUP; reported even if not asked for. For a [PidFd]: the process
    /// has been reaped.
    public static final int HANG_UP = 0x10;

    /// With others: what was reported once is not again, until more has come: EPOLLET.
    public static final int ONCE = 1 << 31;

    // struct epoll_event {       linux/eventpoll.h
    //     __poll_t events;       offset 0
    //     __u64    data;         offset 4 on x86-64, where the struct is packed, else 8
    // };
    private static final boolean PACKED = "amd64".equals(System.getProperty("os.arch"));
    private static final long DATA_OFFSET = PACKED ? 4 : 8;
    private static final long EVENT_BYTES = DATA_OFFSET + 8;
    private static final int CAPACITY = 256;

    private static final int EPOLL_CLOEXEC = 0x80000;
    private static final int EPOLL_CTL_ADD = 1;
    private static final int EPOLL_CTL_MOD = 3;

    // Shared, as the thread that uses or closes this may be another one than has opened it. The
    // kernel gets the bare address of it, so it must not be freed while a thread is inside a call.
    private final Arena arena;
    private final MemorySegment events;
    private final MemorySegment request; // of epoll_ctl

    private Epoll(int fd, Arena arena) {
        super(fd);
        this.arena = arena;
        this.events = arena.allocate(EVENT_BYTES * CAPACITY, Long.BYTES);
        this.request = arena.allocate(EVENT_BYTES, Long.BYTES);
    }

    /// Opens one.
    ///
    /// @return an epoll that waits for nothing yet
    /// @throws LinuxException EMFILE or ENFILE if there are too many open files
    public static Epoll open() throws LinuxException {
        long fd = SystemCall.EPOLL_CREATE1.call(EPOLL_CLOEXEC);
        return new Epoll((int) SystemCall.check(fd, "epoll_create1"), Arena.ofShared());
    }

    /// Waits from now on for events of a descriptor too, until that is closed.
    ///
    /// @param descriptor which
    /// @param mask [#READABLE], or 0 for [#HANG_UP] alone; or one of them with [#ONCE]
    /// @param data what [#data] says of its events
    /// @throws LinuxException ENOSPC if the user waits for too many descriptors, ENOMEM
    public void add(Descriptor descriptor, int mask, long data) throws LinuxException {
        control(EPOLL_CTL_ADD, descriptor, mask, data);
    }

    /// Waits from now on for other events of a descriptor.
    ///
    /// @param descriptor one that was added
    /// @param mask [#READABLE], or 0 for [#HANG_UP] alone
    /// @param data what [#data] says of its events
    /// @throws LinuxException ENOENT if it was not added
    public void change(Descriptor descriptor, int mask, long data) throws LinuxException {
        control(EPOLL_CTL_MOD, descriptor, mask, data);
    }

    private void control(int operation, Descriptor descriptor, int mask, long data)
            throws LinuxException {
        request.set(JAVA_INT_UNALIGNED, 0, mask);
        request.set(JAVA_LONG_UNALIGNED, DATA_OFFSET, data);
        long answer =
                SystemCall.EPOLL_CTL.call(fd(), operation, descriptor.fd(), request.address());
        SystemCall.check(answer, "epoll_ctl of a descriptor");
    }

    /// Waits for events. A signal ends the wait early, with 0.
    ///
    /// @param timeoutMillis how long at most; 0 does not wait
    /// @return how many descriptors have events, at most 256; further ones come with the next call
    /// @throws LinuxException if the kernel refuses
    public int await(int timeoutMillis) throws LinuxException {
        long count =
                SystemCall.EPOLL_PWAIT.call(
                        fd(), events.address(), CAPACITY, timeoutMillis, SystemCall.NULL);
        return count == -LinuxException.EINTR ? 0 : (int) SystemCall.check(count, "epoll_wait");
    }

    /// {@return whether an event is, or is also, [#HANG_UP]}
    ///
    /// @param index which event of the last [#await]
    public boolean isHangUp(int index) {
        return (events.get(JAVA_INT_UNALIGNED, index * EVENT_BYTES) & HANG_UP) != 0;
    }

    /// {@return what was given to [#add] for the descriptor of an event}
    ///
    /// @param index which event of the last [#await]
    public long data(int index) {
        return events.get(JAVA_LONG_UNALIGNED, index * EVENT_BYTES + DATA_OFFSET);
    }

    /// Closes the epoll and frees its memory; the descriptors that it waits for stay open.
    @Override
    public void close() {
        super.close();
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
