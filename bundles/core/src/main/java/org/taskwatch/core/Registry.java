// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.spi.Uncaught;
import org.taskwatch.api.tool.ModuleState;
import org.taskwatch.api.tool.UnloadException;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Which modules are registered, with which watchers; publishes the targets of each event.
///
/// All changes are made under one lock, and are short; it is never held while a watcher is called
/// or a call is waited for. Notifying threads read only what was published.
final class Registry {
    private static final System.Logger LOG = System.getLogger(Registry.class.getName());

    /// How long to wait for a new revision to bring all watchers that it declares, before what was
    /// held is delivered to those that are there.
    static final long COMPLETION_MILLIS = 1_000;

    /// How long to wait before a thread is asked for again that the system did not give.
    private static final long THREAD_RETRY_MILLIS = 1_000;

    private final List<Watcher> table;
    private final Callers callers;
    private final Drain drain;
    private final Limits limits;
    private final Timer timer;
    private final Joins joins;

    private final LaneMemory memory;
    private final ThreadEvents threadEvents = new ThreadEvents();

    /// Used under the lock of this object.
    private final Editions editions = new Editions();

    /// What each bundle offers, in the order of calling. Guarded by this.
    private final Map<Bundle, List<Offer>> offers = new HashMap<>();

    /// In the order of registration: the live modules, those that are being or could not be
    /// unregistered, and those out by an operator's command. Guarded by this.
    private final List<Module> modules = new ArrayList<>();

    /// Guarded by this.
    private final HeldLanes held;

    /// What is being withdrawn. Guarded by this.
    private final Map<Offer, Leaving> leaving = new HashMap<>();

    /// Watchers that are being taken out: all of their module, or one of them.
    private record Leaving(Module module, List<Watcher> watchers, boolean isWhole) {}

    /// The live ones of the modules. The list is never changed but replaced, under the lock of this
    /// object.
    private volatile List<Module> live = List.of();

    /// By the ordinal of the event. The array is never changed but replaced, under the lock of this
    /// object.
    private volatile Targets[] targets;

    /// Replaced together with the targets, under the lock of this object.
    private volatile Wanted wanted;

    /// Run when that has changed, null if nobody asks.
    private volatile @Nullable Runnable interestListener;

    Registry(
            List<Watcher> table,
            Callers callers,
            Drain drain,
            Limits limits,
            Timer timer,
            Joins joins) {
        this.table = table;
        this.callers = callers;
        this.drain = drain;
        this.limits = limits;
        this.timer = timer;
        this.joins = joins;
        this.memory = new LaneMemory(limits.lanesBytes());
        this.held = new HeldLanes(timer, limits.hold(), this::expire);
        this.targets = Targets.build(editions.next(), table, live, held.all());
        this.wanted = Wanted.by(table, live, held.all());
    }

    Targets targets(TaskEvent event) {
        return targets[event.ordinal()];
    }

    /// {@return the targets of an event}
    Targets targets(TaskNotification notification) {
        return targets(notification.event()).of(notification.task());
    }

    /// {@return what all watchers ask for}
    Wanted wanted() {
        return wanted;
    }

    LaneMemory memory() {
        return memory;
    }

    ThreadEvents threadEvents() {
        return threadEvents;
    }

    List<Watcher> table() {
        return table;
    }

    List<Module> live() {
        return live;
    }

    /// {@return all modules that are known, the live ones first}
    synchronized List<Module> modules() {
        settle();
        List<Module> all = new ArrayList<>(live);
        modules.stream().filter(module -> !module.isLive()).forEach(all::add);
        return all;
    }

    /// Takes in a watcher, and registers its module if it is not. The module stays out if an
    /// operator has taken it out.
    void offer(Offer offer) {
        Module module = take(offer);
        if (module != null) {
            begin(module);
        }
    }

    /// The module is on the published lists: it is told all that it asks for when this returns. But
    /// not if a call of a watcher takes it in: the thread that reports events may be waiting for
    /// that call.
    private void begin(Module module) {
        boolean wantsThreads =
                module.watchers().stream().anyMatch(w -> w.subscription().wantsThreads());
        if (wantsThreads && callers.current().nesting() == 0) {
            threadEvents.awaitTold();
        }
        joins.request(module);
    }

    private synchronized @Nullable Module take(Offer offer) {
        List<Offer> mine = offers.computeIfAbsent(offer.bundle(), _ -> new ArrayList<>());
        boolean isFirst = mine.isEmpty();
        mine.add(offer);
        mine.sort(Offer.ORDER);
        settle();
        Module module = latest(offer.bundle());
        if (module != null && module.isLive()) {
            module.follow(mine);
            deliver(module);
        } else if (module == null || isFirst || module.state() != ModuleState.GONE) {
            module = add(offer.bundle(), mine);
        } else {
            return null;
        }
        publish();
        return module;
    }

    /// Takes out a watcher, and waits until it is not being called. With the last one, or while the
    /// bundle is stopping, the whole module is unregistered, and its lane held. Several threads may
    /// take out the same one; each waits.
    ///
    /// @throws UnloadException if calls did not end within the unload deadline
    void withdraw(Offer offer) throws UnloadException {
        Leaving what;
        synchronized (this) {
            what = leaving.computeIfAbsent(offer, this::leave);
        }
        if (what == null) {
            return; // it has left, or was waited for already, in vain
        }
        try {
            if (what.isWhole()) {
                unregister(what.module(), true);
            } else {
                drain.await(what.module().name(), what.watchers(), () -> true);
            }
        } finally {
            synchronized (this) {
                leaving.remove(offer);
            }
        }
    }

    private @Nullable Leaving leave(Offer offer) {
        List<Offer> mine = offers.get(offer.bundle());
        if (mine == null || !mine.remove(offer)) {
            return null;
        }
        if (mine.isEmpty()) {
            offers.remove(offer.bundle());
        }
        Module module = latest(offer.bundle());
        if (module == null || module.state() == ModuleState.STUCK) {
            return null;
        }
        if (module.isLive() && !mine.isEmpty() && isStaying(offer.bundle())) {
            List<Watcher> closed = module.follow(mine);
            publish();
            return new Leaving(module, closed, false);
        }
        if (module.isLive()) {
            // Now, so that a watcher that comes meanwhile gets a new module. A bundle that stays
            // has just taken back its watchers: no revision follows.
            out(module, !isStaying(offer.bundle()));
        }
        return new Leaving(module, module.watchers(), true);
    }

    private static boolean isStaying(Bundle bundle) {
        return bundle.getState() == Bundle.ACTIVE || bundle.getState() == Bundle.STARTING;
    }

    /// Takes a module out, and waits until none of its watchers is being called. Several threads may
    /// do so at once; each waits.
    ///
    /// @param isHeld whether its lane goes on filling for a new revision of its bundle
    /// @throws UnloadException if calls did not end within the unload deadline
    void unregister(Module module, boolean isHeld) throws UnloadException {
        synchronized (this) {
            if (module.isLive()) {
                out(module, isHeld);
            }
        }
        try {
            drain.await(module.name(), module.watchers(), module::isIdle);
        } catch (UnloadException e) {
            synchronized (this) {
                module.stuck();
            }
            throw e;
        }
        synchronized (this) {
            module.gone();
            settle();
        }
    }

    private void out(Module module, boolean isHeld) {
        Held away = isHeld ? module.held() : null;
        module.drain();
        if (away == null || !held.hold(away)) {
            HeldLanes.drop(
                    module.lane(), Level.INFO, "module " + module.name() + " was unregistered");
        }
        publish();
        LOG.log(Level.INFO, "module {0} is being unregistered", module.name());
    }

    private synchronized void expire(Held away) {
        if (held.expire(away)) {
            publish();
        }
    }

    /// Takes in again a module that an operator has taken out.
    ///
    /// @throws IllegalStateException if it is being unregistered, or is stuck
    void register(Module module) {
        Module next;
        synchronized (this) {
            settle();
            if (module.isLive()) {
                return;
            }
            List<Offer> mine = offers.get(module.bundle());
            if (module.state() != ModuleState.GONE || mine == null) {
                throw new IllegalStateException(
                        "registering module %s: it is %s; wait until it is GONE, and see task:why"
                                .formatted(module.name(), module.state()));
            }
            modules.remove(module);
            next = add(module.bundle(), mine);
            publish();
        }
        begin(next);
    }

    /// Takes a watcher that has passed a limit out of use; it stays in its module, and is shown.
    synchronized void suspend(Watcher watcher, String reason) {
        for (Module module : live) {
            if (module.watchers().contains(watcher) && !watcher.isSuspended()) {
                module.suspend(watcher, reason);
                publish();
                LOG.log(
                        Level.WARNING,
                        "watcher {0} of module {1} is suspended: {2}; task:resume calls it again",
                        watcher.name(),
                        module.name(),
                        reason);
            }
        }
    }

    /// Calls the suspended watchers of a module again.
    ///
    /// @throws IllegalStateException if it is not live, or a call of such a watcher is in flight
    void resume(Module module) {
        synchronized (this) {
            List<Watcher> suspended =
                    module.watchers().stream().filter(Watcher::isSuspended).toList();
            if (!module.isLive() || !callers.calls(suspended).isEmpty()) {
                throw new IllegalStateException(
                        "resuming module %s: it is %s, and the call of a suspended watcher may be in flight; see task:why"
                                .formatted(module.name(), module.state()));
            }
            module.resume(Objects.requireNonNull(offers.get(module.bundle())));
            publish();
        }
        begin(module);
    }

    private Module add(Bundle bundle, List<Offer> mine) {
        String name = String.valueOf(bundle.getSymbolicName());
        Lane heldLane = held.take(bundle);
        boolean isTakenOver = heldLane != null;
        Lane lane = heldLane == null ? new Lane(name, limits, memory) : heldLane;
        Module module =
                new Module(
                        bundle,
                        lane,
                        isTakenOver,
                        callers,
                        editions,
                        limits.mostFaults(),
                        this::suspend);
        module.follow(mine);
        modules.add(module);
        deliver(module);
        if (isTakenOver) {
            timer.after(COMPLETION_MILLIS, () -> deliverIncomplete(module));
        }
        LOG.log(Level.INFO, "module {0} is registered", name);
        return module;
    }

    /// Has its lane delivered. If the system has no thread left for that, it is tried again until it
    /// has one; meanwhile the lane fills.
    private synchronized void deliver(Module module) {
        try {
            module.deliver();
        } catch (OutOfMemoryError e) {
            timer.after(THREAD_RETRY_MILLIS, () -> deliver(module));
            Uncaught.handle(e);
        }
    }

    private synchronized void deliverIncomplete(Module module) {
        List<String> late = module.awaitNoMore();
        deliver(module);
        if (!late.isEmpty()) {
            LOG.log(
                    Level.WARNING,
                    "module {0}: the events that were held for it are delivered without {1}, which"
                            + " its bundle has not registered within {2} ms",
                    module.name(),
                    late,
                    COMPLETION_MILLIS);
        }
    }

    /// {@return the last registration of a bundle, null if none}
    private @Nullable Module latest(Bundle bundle) {
        return modules.reversed().stream()
                .filter(module -> module.bundle().equals(bundle))
                .findFirst()
                .orElse(null);
    }

    /// Finds out which stuck calls have ended, and forgets modules that are gone and were replaced or
    /// whose bundles offer nothing any more.
    private void settle() {
        for (Module module : modules) {
            if (module.state() == ModuleState.STUCK && callers.calls(module.watchers()).isEmpty()) {
                module.gone();
            }
        }
        modules.removeIf(module ->
                module.state() == ModuleState.GONE
                        && (!offers.containsKey(module.bundle())
                                || latest(module.bundle()) != module));
    }

    private void publish() {
        live = modules.stream().filter(Module::isLive).toList();
        Wanted before = wanted;
        wanted = Wanted.by(table, live, held.all()); // first: it is read before it is told
        targets = Targets.build(editions.next(), table, live, held.all());
        Runnable listener = interestListener;
        if (listener != null && !wanted.equals(before)) {
            listener.run();
        }
    }

    void whenInterestChanged(@Nullable Runnable listener) {
        interestListener = listener;
    }
}
