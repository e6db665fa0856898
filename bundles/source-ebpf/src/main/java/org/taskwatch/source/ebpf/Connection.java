// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.ebpf;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Capture;
import org.taskwatch.linux.Epoll;
import org.taskwatch.linux.LinuxException;
import org.taskwatch.linux.Priority;
import org.taskwatch.linux.Waiter;
import org.taskwatch.linux.bpf.BpfException;
import org.taskwatch.linux.bpf.BpfMap;
import org.taskwatch.linux.bpf.Btf;
import org.taskwatch.linux.bpf.RingBuffer;
import org.taskwatch.source.Demand;
import org.taskwatch.source.Pace;
import org.taskwatch.source.SourceException;
import org.taskwatch.source.TaskSink;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/// The programs in the kernel, with all that they share with this process. For the pump thread, except
/// [#counters] and [#wake].
///
/// Losses are looked for every 100 ms, only while events come.
final class Connection implements AutoCloseable {
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    // What the waiter reports.
    private static final int RING = 0;
    private static final int CHANGES = 1;

    /// What is to be closed, the last one first.
    private final Deque<Runnable> opened = new ArrayDeque<>();

    private final int ringBytes;
    private final Control control;
    private final FailedForks failedForks;
    private final LatestForks latestForks;
    private final Programs programs;
    private final Changes changes;
    private final Unreaped unreaped = new Unreaped();
    private final CgroupPaths cgroups;
    private final Stream stream;
    private final Waiter waiter;
    private final RecordWait recordWait;
    private final Pace pace;
    private final int nice;
    private final Map<String, String> hooks;

    /// Of this thread; set at the first receive, when the source before has given it back.
    private @Nullable Priority priority;

    private long lostTold; // of the records that the programs could not bring
    private boolean mustCount; // losses, as something has come since
    private boolean isUrgent; // as the demand has it
    private boolean isFiltering; // threads, likewise
    private long lookNanos = System.nanoTime();

    // Replaced by the pump thread, read by all.
    private volatile Map<String, Long> counters = Map.of();

    /// Loads the programs. What one of them tells is kept from the return of this on.
    ///
    /// @param ringBytes the size of the ring
    /// @param wakeRate how often in a second it is read for long, at most
    /// @param nice the nice value of this thread until it is closed, if that is below its own
    static Connection open(int ringBytes, int wakeRate, int nice) throws SourceException {
        try {
            return new Connection(ringBytes, wakeRate, nice);
        } catch (LinuxException e) {
            throw new SourceException("can't set up BPF programs: " + Advice.of(e), e);
        } catch (BpfException e) {
            throw new SourceException("can't set up BPF programs: " + Advice.of(e), e);
        }
    }

    private Connection(int ringBytes, int wakeRate, int nice)
            throws LinuxException, BpfException, SourceException {
        this.ringBytes = ringBytes;
        this.nice = nice;
        pace = new Pace(wakeRate);
        try {
            control = Control.open();
            opened.push(control::close);
            RingBuffer ring = RingBuffer.open("tw_ring", ringBytes);
            opened.push(ring::close);
            waiter = Waiter.open();
            opened.push(waiter::close);
            waiter.epoll().add(ring.descriptor(), Epoll.READABLE | Epoll.ONCE, RING);
            failedForks = FailedForks.open();
            opened.push(failedForks::close);
            latestForks = LatestForks.open();
            opened.push(latestForks::close);
            Site site = site(ring);
            programs = Programs.load(site);
            opened.push(programs::close);
            changes = changes(site);
            programs.tryToAttach("control groups", new CgroupProgram(site), "lookup by id");
            programs.tryToAttach("failed forks", new FailedForkProgram(site), "nowhere");
            cgroups = CgroupPaths.open();
            opened.push(cgroups::close);
            Decoder decoder = new Decoder(unreaped, cgroups);
            stream = new Stream(ring.reader(), changes, decoder, Stream.WRITE_NANOS);
            recordWait = new RecordWait(control, waiter, stream);
            attach();
            hooks = Collections.unmodifiableMap(programs.hooks());
            count(0);
        } catch (LinuxException | BpfException | SourceException | RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private void attach() throws LinuxException {
        tell(Demand.ALL);
        programs.attach();
        latestForks.areKept(true); // not before the programs run
    }

    private Site site(RingBuffer ring) throws LinuxException, BpfException {
        BpfMap scratch = BpfMap.perProcessor("tw_scratch", ExecProgram.SCRATCH_BYTES);
        opened.push(scratch::close);
        return new Site(
                Btf.ofKernel(),
                ring.number(),
                control.number(),
                scratch.number(),
                failedForks.number(),
                latestForks.number(),
                control.processors());
    }

    /// {@return the changes of ids that the ring does not bring}
    private Changes changes(Site site) throws SourceException, LinuxException {
        if (programs.tryToAttach("changes of ids", new IdsProgram(site), "proc connector")) {
            return Changes.NONE;
        }
        IdChanges changesOfIds = IdChanges.open();
        opened.push(changesOfIds::close);
        waiter.epoll().add(changesOfIds.socket(), Epoll.READABLE, CHANGES);
        return changesOfIds;
    }

    /// Says what is wanted: the programs heed it with their next run.
    void demand(Demand demand) {
        latestForks.areKept(false); // some may be missing while the programs are told
        tell(demand);
        latestForks.areKept(demand.forkTimes());
    }

    private void tell(Demand demand) {
        isUrgent = demand.isUrgent();
        isFiltering = !demand.threads();
        stream.demand(demand);
        recordWait.demand(demand);
        unreaped.demand(demand.captures().contains(Capture.USAGE));
        control.wanted(demand);
        mustCount = true; // the counters say that too
    }

    void receive(TaskSink sink, int timeoutMillis) throws LinuxException {
        if (priority == null) {
            priority = new Priority();
            priority.prefer(nice);
        }
        if (timeoutMillis > 0) {
            pace.park();
        }
        boolean hasCome = recordWait.await(patience(timeoutMillis));
        stream.drain(sink);
        long now = System.nanoTime();
        if (unreaped.untilSweep(now) <= 0) {
            unreaped.sweep(sink, now);
        }
        if (hasCome) {
            mustCount = true;
            pace.woken(stream.takeHasExecuted() && isUrgent);
        }
        if (mustCount && untilLook() <= 0) {
            look(sink);
        }
    }

    /// Tells what was lost. That takes some system calls, which no record should wait for; so it comes behind
    /// them, and what has come meanwhile is recorded too: the neighbours of what is told as lost.
    private void look(TaskSink sink) throws LinuxException {
        long lost = control.lost() + programs.missed();
        stream.drain(sink);
        tellLost(lost, sink);
    }

    private int patience(int timeoutMillis) {
        long nanos =
                Math.min(
                        mustCount ? untilLook() : Long.MAX_VALUE,
                        unreaped.untilSweep(System.nanoTime()));
        return Math.clamp(TimeUnit.NANOSECONDS.toMillis(nanos) + 1, 0, timeoutMillis);
    }

    private long untilLook() {
        return lookNanos + LOOK_NANOS - System.nanoTime();
    }

    private void tellLost(long lost, TaskSink sink) throws LinuxException {
        long now = System.nanoTime();
        if (lost > lostTold) {
            String cause =
                    "the ring buffer of the BPF programs was full (%d bytes), or one was left out"
                            .formatted(ringBytes);
            sink.lost(lost - lostTold, cause, lookNanos);
            lostTold = lost;
        }
        long lostChanges = changes.takeLost();
        if (lostChanges > 0) {
            sink.lost(lostChanges, "the receive buffer for changes of ids was full", lookNanos);
        }
        lookNanos = now;
        mustCount = false;
        count(lost);
    }

    private void count(long lost) {
        Map<String, Long> next = new LinkedHashMap<>();
        next.put("made", control.made());
        next.put("received", stream.received());
        next.put("lost", lost);
        next.put("ringBuffer", (long) ringBytes);
        next.put("threadFilter", isFiltering ? 1L : 0L);
        for (int errno = 0; errno < Control.ERRNOS; errno++) {
            long failed = control.failedForks(errno);
            if (failed > 0) {
                String why = errno == 0 ? "Interrupted" : LinuxException.name(errno);
                next.put("failedForks" + why, failed);
            }
        }
        counters = Collections.unmodifiableMap(next);
    }

    /// {@return where each fact comes from} For any thread.
    Map<String, String> hooks() {
        return hooks;
    }

    /// {@return whether the records tell the control group of each task} For any thread.
    boolean tellsCgroups() {
        return cgroups.areAllUnified() && cgroups.canLookUp();
    }

    /// {@return whether a process has executed again, among what is in the ring}
    boolean hasExecutedAgain(int pid) {
        return stream.hasExecutedAgain(pid);
    }

    /// {@return as [LatestForks#nanos]} For any thread, as long as this is open.
    OptionalLong latestFork(int tid, long sinceNanos) {
        return latestForks.nanos(tid, sinceNanos);
    }

    /// {@return the errno as [FailedForks#errno] has it}
    int failedFork(int tid, long sinceNanos) {
        return failedForks.errno(tid, sinceNanos);
    }

    /// Ends the present [#receive] or the next one. For any thread.
    void wake() {
        waiter.wake();
        pace.wake();
    }

    /// {@return the counters as they were when it last looked around: within 200 ms after an event}
    Map<String, Long> counters() {
        return counters;
    }

    @Override
    public void close() {
        if (priority != null) {
            priority.restore();
        }
        while (!opened.isEmpty()) {
            opened.pop().run();
        }
    }
}
