// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.taskwatch.api.ModuleState;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.UnloadException;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Which modules are registered, with which watchers; publishes the targets of each event.
///
/// All changes are made under one lock, and are short; it is never held while a watcher is called or
/// a call is waited for. Whoever notifies reads only what was published.
final class Registry {
    private static final System.Logger LOG = System.getLogger(Registry.class.getName());

    private final List<Watcher> table;
    private final Callers callers;
    private final Drain drain;
    private final int laneCapacity;

    /// What each bundle offers, in the order of calling. Guarded by this.
    private final Map<Bundle, List<Offer>> offers = new HashMap<>();

    /// In the order of registration: the live modules, those that are being or could not be
    /// unregistered, and those out by an operator's command. Guarded by this.
    private final List<Module> modules = new ArrayList<>();

    /// The live ones of them. The list is never changed but replaced, under the lock of this object.
    private volatile List<Module> live = List.of();

    /// By the ordinal of the event. The array is never changed but replaced, under the lock of this
    /// object; it is volatile, so that an event that happens after a registration reaches the module.
    private volatile Targets[] targets;

    Registry(List<Watcher> table, Callers callers, Drain drain, int laneCapacity) {
        this.table = table;
        this.callers = callers;
        this.drain = drain;
        this.laneCapacity = laneCapacity;
        this.targets = Targets.build(table, live);
    }

    Targets targets(TaskEvent event) {
        return targets[event.ordinal()];
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
    synchronized void offer(Offer offer) {
        List<Offer> mine = offers.computeIfAbsent(offer.bundle(), _ -> new ArrayList<>());
        boolean isFirst = mine.isEmpty();
        mine.add(offer);
        mine.sort(Offer.ORDER);
        settle();
        Module module = latest(offer.bundle());
        if (module != null && module.isLive()) {
            module.follow(mine);
        } else if (module == null || isFirst || module.state() != ModuleState.GONE) {
            add(offer.bundle(), mine);
        }
        publish();
    }

    /// Takes out a watcher, and waits until it is not being called. With the last one, or while the
    /// bundle is stopping, the whole module is unregistered.
    ///
    /// @throws UnloadException if calls did not end within the unload deadline
    void withdraw(Offer offer) throws UnloadException {
        Module module;
        List<Watcher> closed = List.of();
        synchronized (this) {
            List<Offer> mine = offers.getOrDefault(offer.bundle(), List.of());
            mine.remove(offer);
            if (mine.isEmpty()) {
                offers.remove(offer.bundle());
            }
            module = latest(offer.bundle());
            if (module == null || module.state() == ModuleState.STUCK) {
                return; // it was waited for already, in vain
            }
            if (module.isLive() && !mine.isEmpty() && isStaying(offer.bundle())) {
                closed = module.follow(mine);
                publish();
            }
        }
        if (closed.isEmpty()) {
            unregister(module);
        } else {
            drain.await(module.name(), closed);
        }
    }

    private static boolean isStaying(Bundle bundle) {
        return bundle.getState() == Bundle.ACTIVE || bundle.getState() == Bundle.STARTING;
    }

    /// Takes a module out, and waits until none of its watchers is being called. Several threads may
    /// do so at once; each waits.
    ///
    /// @throws UnloadException if calls did not end within the unload deadline
    void unregister(Module module) throws UnloadException {
        synchronized (this) {
            if (module.isLive()) {
                int dropped = module.drain();
                publish();
                LOG.log(
                        Level.INFO,
                        "module {0} is being unregistered, {1} queued events dropped",
                        module.name(),
                        Integer.toString(dropped));
            }
        }
        try {
            drain.await(module.name(), module.watchers());
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

    /// Takes a module in again that an operator has taken out.
    ///
    /// @throws IllegalStateException if it is being unregistered, or is stuck
    synchronized void register(Module module) {
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
        add(module.bundle(), mine);
        publish();
    }

    private void add(Bundle bundle, List<Offer> mine) {
        Module module = new Module(bundle, laneCapacity, callers);
        module.follow(mine);
        modules.add(module);
        LOG.log(Level.INFO, "module {0} is registered", module.name());
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
        targets = Targets.build(table, live);
    }
}
