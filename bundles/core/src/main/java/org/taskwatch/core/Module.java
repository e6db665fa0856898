// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleWiring;
import org.taskwatch.api.Delivery;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.tool.ModuleState;
import org.taskwatch.core.call.Callers;
import org.taskwatch.core.call.Epochs;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// One registration of the watchers of a bundle.
final class Module {
    /// What `WatchTask` has written into the manifest, one for each watcher of the bundle.
    private static final String DECLARED = "taskwatch.watcher";

    private final Bundle bundle;
    private final String name;
    private final @Nullable BundleWiring wiring;
    private final Lane lane;
    private final Deliverer deliverer;
    private final Epochs epochs;
    private final int mostFaults;
    private final Watcher.LimitPassed limitPassed;

    /// It only ever rises in the order LIVE < DRAINING < STUCK < GONE, by [#rise], and skips STUCK if
    /// all calls end in time: a bundle that is registered again gets a new module. Written under the
    /// lock of the registry.
    private volatile ModuleState state = ModuleState.LIVE;

    /// In the order in which they are called. The list is never changed but replaced, under the
    /// lock of the registry, and not even replaced once the module is no longer LIVE.
    private volatile List<Watcher> watchers = List.of();

    /// The former revision, null if this took no place of one.
    private final @Nullable AwayModule former;

    /// Whether it took the place of a former revision while some watchers are still missing: they come
    /// one by one, and none of them must miss a part of what is on the lane, or a question. Guarded by
    /// the lock of the registry.
    private boolean awaitsCompletion;

    /// Makes a live module without watchers.
    ///
    /// @param lane its lane, which nobody takes from yet
    /// @param former the revision whose place it takes, and whose lane it then is; null if there is none
    /// @param epochs those of the lists of SYNC watchers
    Module(
            Bundle bundle,
            Lane lane,
            @Nullable AwayModule former,
            Callers callers,
            Epochs epochs,
            int mostFaults,
            Watcher.LimitPassed passed) {
        this.former = former;
        this.awaitsCompletion = former != null;
        this.bundle = bundle;
        this.name = String.valueOf(bundle.getSymbolicName());
        this.wiring = bundle.adapt(BundleWiring.class);
        this.lane = lane;
        this.epochs = epochs;
        this.deliverer = new Deliverer(name, lane, callers);
        this.mostFaults = mostFaults;
        this.limitPassed = passed;
    }

    Bundle bundle() {
        return bundle;
    }

    String name() {
        return name;
    }

    Lane lane() {
        return lane;
    }

    ModuleState state() {
        return state;
    }

    List<Watcher> watchers() {
        return watchers;
    }

    boolean isLive() {
        return state == ModuleState.LIVE;
    }

    /// {@return what its queued watchers ask for, without the suspended ones}
    List<Subscription> queued() {
        return watchers.stream()
                .filter(w -> w.isQueued() && w.isOpen())
                .map(Watcher::subscription)
                .toList();
    }

    /// Sets the watchers to those of the given services, keeping the ones that are there. Called under
    /// the lock of the registry.
    ///
    /// @param services in the order in which their watchers are called
    /// @return the watchers that are no longer in the module, closed
    List<Watcher> follow(List<WatcherService> services) {
        List<Watcher> left = new ArrayList<>(watchers);
        List<Watcher> next = new ArrayList<>();
        for (WatcherService service : services) {
            Watcher watcher =
                    left.stream()
                            .filter(w -> w.isOf(service))
                            .findFirst()
                            .orElseGet(() -> watcher(service));
            left.remove(watcher);
            next.add(watcher);
        }
        left.forEach(Watcher::close);
        watchers = List.copyOf(next);
        deliverer.serve(watchers);
        return left;
    }

    private Watcher watcher(WatcherService service) {
        Epochs lists = service.delivery() == Delivery.QUEUED ? deliverer.epochs() : epochs;
        return Watcher.registered(service, name, mostFaults, limitPassed, lists);
    }

    /// Replaces suspended watchers by new ones. Called under the lock of the registry.
    void resume(List<WatcherService> services) {
        watchers = watchers.stream().filter(w -> !w.isSuspended()).toList();
        follow(services);
    }

    /// Takes a watcher that has passed a limit out of use. Called under the lock of the registry.
    void suspend(Watcher watcher, String reason) {
        watcher.suspend(reason);
        deliverer.serve(watchers);
    }

    /// {@return the classes of watchers that its bundle declares and that are not there}
    private List<String> missing() {
        return missing(_ -> true);
    }

    private List<String> missing(Predicate<BundleCapability> isMeant) {
        if (wiring == null) {
            return List.of();
        }
        Set<String> there = watchers.stream().map(Watcher::name).collect(Collectors.toSet());
        return wiring.getCapabilities(DECLARED).stream()
                .filter(isMeant)
                .map(declared -> String.valueOf(declared.getAttributes().get("class")))
                .filter(name -> !there.contains(name))
                .toList();
    }

    /// {@return what the former revision was asked and watchers that this one declares for it are still missing}
    /// Questions wait for them. Called under the lock of the registry.
    List<Subscription> awaited() {
        return former == null || !awaitsCompletion
                ? List.of()
                : former.asked().stream()
                        .filter(asked -> asked.events().stream().anyMatch(this::isMissing))
                        .toList();
    }

    private boolean isMissing(TaskEvent event) {
        return !missing(declared -> names(declared.getAttributes().get("event"), event)).isEmpty();
    }

    /// Whether a manifest names an event; one that is written by hand may name none.
    private static boolean names(@Nullable Object events, TaskEvent event) {
        return !(events instanceof Collection<?> named) || named.contains(event.name());
    }

    /// Begins to call the queued watchers, unless there are none or a lane that was taken over
    /// still awaits some. Called under the lock of the registry.
    void deliver() {
        awaitsCompletion = awaitsCompletion && !missing().isEmpty();
        if (isLive() && !awaitsCompletion && watchers.stream().anyMatch(Watcher::isQueued)) {
            deliverer.start();
        }
    }

    /// Does not wait for further watchers any more. Called under the lock of the registry.
    ///
    /// @return the classes of those that it has waited for in vain, which will not be told what was held
    List<String> awaitNoMore() {
        List<String> late = awaitsCompletion && isLive() ? missing() : List.of();
        awaitsCompletion = false;
        return late;
    }

    /// LIVE -> DRAINING: nothing more is taken from the lane, and no SYNC call begins any more.
    /// Called under the lock of the registry.
    void drain() {
        rise(ModuleState.DRAINING);
        watchers.stream().filter(w -> !w.isQueued()).forEach(Watcher::close);
        deliverer.stop();
    }

    /// {@return whether no entry of the lane is being delivered, other than by this very thread}
    /// All watchers are still called for an entry that was begun, so that the next revision need
    /// not repeat it for some of them.
    boolean isIdle() {
        return deliverer.isIdle();
    }

    /// DRAINING -> STUCK: a call did not end. Called under the lock of the registry.
    void stuck() {
        watchers.forEach(Watcher::close);
        rise(ModuleState.STUCK);
    }

    /// DRAINING or STUCK -> GONE: no call is in flight. Called under the lock of the registry.
    void gone() {
        watchers.forEach(Watcher::close);
        rise(ModuleState.GONE);
    }

    private void rise(ModuleState next) {
        state = next.compareTo(state) > 0 ? next : state;
    }

    /// {@return what is to be held while the module is away, null if nothing} Called under the lock of the
    /// registry.
    ///
    /// @param isExpected whether questions are to wait for it
    @Nullable AwayModule away(boolean isExpected) {
        List<Subscription> queued = queued();
        List<Subscription> asked = isExpected ? asked() : List.of();
        return queued.isEmpty() && asked.isEmpty()
                ? null
                : new AwayModule(bundle, name, new WeakReference<>(wiring), lane, queued, asked);
    }

    /// {@return what its SYNC watchers can refuse, with those that are still missing}
    private List<Subscription> asked() {
        List<Subscription> asked = new ArrayList<>();
        watchers.stream()
                .filter(w -> !w.isQueued() && w.isOpen())
                .map(w -> w.subscription().refusable())
                .filter(refusable -> !refusable.events().isEmpty())
                .forEach(asked::add);
        asked.addAll(awaited());
        return asked;
    }
}
