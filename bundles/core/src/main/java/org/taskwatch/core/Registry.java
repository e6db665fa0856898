// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.taskwatch.api.tool.ModuleState;
import org.taskwatch.api.tool.UnloadException;
import org.taskwatch.core.call.Callers;

import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/// Which modules are registered, with which watchers; publishes each change.
///
/// All changes are made under one lock, and are short; it is never held while a watcher is called
/// or a call is waited for. Notifying threads read only what was [Published].
///
/// **The life of a module.** A bundle that offers watcher services is one module. It never goes
/// back: a bundle that comes again gets a new one.
///
///                add of a bundle's first service; register of one that is GONE
///                                        |
///                                        v
///     add, remove of one of several,   LIVE       is told events; its lane is delivered
///     suspend, resume: stays LIVE        |
///                                        |  remove of the last service, or while the bundle
///                                        |  stops; unregister
///                                        v
///                                     DRAINING    no call begins but for an entry that the lane
///                                      |    |     has begun; the lane is held, or dropped
///          the grace period is over    |    |  at the unload deadline
///                                      |    v
///                                      |   STUCK  a call has not ended, and is waited for no more
///                                      |    |
///                                      v    v  it has ended
///                                       GONE      shown as long as its bundle offers services:
///                                                 an operator has taken it out
///
/// *Remove* and *unregister* wait for the grace period, and return in GONE, or throw in STUCK.
///
/// **The life of a watcher.** It is made open when its service is in a LIVE module, and closed when
/// the service is removed, the module leaves LIVE (if it is SYNC) or DRAINING (if it is QUEUED), or it
/// is suspended for having passed a limit: then it stays in the module, to be shown, until *resume*
/// puts a new one in its place.
final class Registry {
    private static final System.Logger LOG = System.getLogger(Registry.class.getName());

    private final Published published;
    private final Callers callers;
    private final Drain drain;
    private final Snapshots snapshots;
    private final ModuleLoader loader;

    @GuardedBy("this")
    private final ModuleList modules;

    @GuardedBy("this")
    private final AwayModules away;

    /// The services whose removal is being waited for.
    @GuardedBy("this")
    private final Map<WatcherService, Removal> removals = new HashMap<>();

    /// Watchers that are being taken out: all of their module, or one of them.
    private record Removal(Module module, List<Watcher> watchers, boolean isWhole) {}

    /// @param isEnding whether the framework is being stopped
    Registry(
            Published published,
            Callers callers,
            Drain drain,
            Limits limits,
            Timer timer,
            Snapshots snapshots,
            BooleanSupplier isEnding) {
        this.published = published;
        this.callers = callers;
        this.drain = drain;
        this.snapshots = snapshots;
        this.modules = new ModuleList(callers);
        this.away = new AwayModules(timer, limits.hold(), isEnding, this::expire);
        this.loader = new ModuleLoader(this, callers, published.epochs(), limits, timer);
    }

    LaneMemory memory() {
        return loader.memory();
    }

    /// {@return all modules that are known, the live ones first}
    synchronized List<Module> modules() {
        modules.settle();
        return modules.all();
    }

    synchronized void publish() {
        published.publish(modules.live(), away.all());
    }

    /// Adds a watcher, and registers its module if it is not. The module stays out if an operator has
    /// taken it out.
    void add(WatcherService service) {
        Module module = include(service);
        if (module != null) {
            awaitEvents(module);
        }
    }

    private synchronized @Nullable Module include(WatcherService service) {
        boolean isFirst = modules.add(service);
        modules.settle();
        Module module = modules.latest(service.bundle());
        if (module != null && module.isLive()) {
            module.follow(modules.services(service.bundle()));
            loader.deliver(module);
        } else if (module == null || isFirst || module.state() != ModuleState.GONE) {
            module = load(service.bundle());
        } else {
            return null;
        }
        publish();
        return module;
    }

    /// The module is on the published lists: it is told all that it asks for when this returns. But not if a call of
    /// a watcher takes it in: the thread that reports events may be waiting for that call.
    private void awaitEvents(Module module) {
        boolean wantsThreads =
                module.watchers().stream().anyMatch(w -> w.subscription().wantsThreads());
        if (wantsThreads && callers.current().nesting() == 0) {
            published.interest().awaitThreadEvents();
        }
        snapshots.request(module);
    }

    /// Removes a watcher, and waits until it is not being called. With the last one, or while the bundle is stopping,
    /// the whole module is unregistered, and its lane held. Several threads may remove the same one; each waits.
    ///
    /// @throws UnloadException if calls did not end within the unload deadline
    void remove(WatcherService service) throws UnloadException {
        Removal removal;
        synchronized (this) {
            removal = removals.computeIfAbsent(service, this::exclude);
        }
        if (removal == null) {
            return; // it is out, or was waited for already, in vain
        }
        try {
            if (removal.isWhole()) {
                unregister(removal.module(), true);
            } else {
                drain.await(removal.module().name(), removal.watchers(), () -> true);
            }
        } finally {
            synchronized (this) {
                removals.remove(service);
            }
        }
    }

    @GuardedBy("this")
    private @Nullable Removal exclude(WatcherService service) {
        Bundle bundle = service.bundle();
        if (!modules.remove(service)) {
            return null;
        }
        Module module = modules.latest(bundle);
        if (module == null || module.state() == ModuleState.STUCK) {
            return null;
        }
        List<WatcherService> left = modules.services(bundle);
        if (module.isLive() && !left.isEmpty() && isStaying(bundle)) {
            List<Watcher> closed = module.follow(left);
            publish();
            return new Removal(module, closed, false);
        }
        if (module.isLive()) {
            // Now, so that a watcher that comes meanwhile gets a new module. A bundle that stays
            // has just taken back its watchers: no revision follows.
            beginDrain(module, !isStaying(bundle));
        }
        return new Removal(module, module.watchers(), true);
    }

    private static boolean isStaying(Bundle bundle) {
        return bundle.getState() == Bundle.ACTIVE || bundle.getState() == Bundle.STARTING;
    }

    /// Unregisters a module, and waits until none of its watchers is being called. So may several threads at once.
    ///
    /// @param isHeld whether its lane goes on filling for a new revision of its bundle
    /// @throws UnloadException if calls did not end within the unload deadline
    void unregister(Module module, boolean isHeld) throws UnloadException {
        synchronized (this) {
            if (module.isLive()) {
                beginDrain(module, isHeld);
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
            modules.settle();
        }
    }

    @GuardedBy("this")
    private void beginDrain(Module module, boolean isHeld) {
        AwayModule held = isHeld ? module.away(away.isExpected(module.bundle())) : null;
        module.drain();
        if (held == null || !away.hold(held)) {
            AwayModules.drop(
                    module.lane(), Level.INFO, "module " + module.name() + " was unregistered");
        }
        publish();
        LOG.log(Level.INFO, "module {0} is being unregistered", module.name());
    }

    /// The core stops: nobody comes back any more, and no question waits for it.
    synchronized void expectNobody() {
        away.dropAll();
        publish();
    }

    private synchronized void expire(AwayModule module) {
        if (away.expire(module)) {
            publish();
        }
    }

    /// Registers a module again that an operator has taken out.
    ///
    /// @throws IllegalStateException if it is being unregistered, or is stuck
    void register(Module module) {
        Module next;
        synchronized (this) {
            modules.settle();
            if (module.isLive()) {
                return;
            }
            if (module.state() != ModuleState.GONE || modules.services(module.bundle()).isEmpty()) {
                throw new IllegalStateException(
                        "registering module %s: it is %s; wait until it is GONE, and see task:why"
                                .formatted(module.name(), module.state()));
            }
            modules.replace(module);
            next = load(module.bundle());
            publish();
        }
        awaitEvents(next);
    }

    /// Takes a watcher that has passed a limit out of use; it stays in its module, and is shown.
    synchronized void suspend(Watcher watcher, String reason) {
        for (Module module : published.live()) {
            if (module.watchers().contains(watcher) && !watcher.isSuspended()) {
                module.suspend(watcher, reason);
                publish();
                String text =
                        "watcher %s of module %s is suspended: %s; task:resume %2$s calls it again";
                LOG.log(Level.WARNING, text.formatted(watcher.name(), module.name(), reason));
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
            module.resume(modules.services(module.bundle()));
            publish();
        }
        awaitEvents(module);
    }

    @GuardedBy("this")
    private Module load(Bundle bundle) {
        Module module = loader.load(bundle, modules.services(bundle), away.take(bundle));
        modules.add(module);
        return module;
    }
}
