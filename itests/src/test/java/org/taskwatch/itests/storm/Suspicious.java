// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests.storm;

import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Deactivate;
import org.taskwatch.api.Loss;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.Verdict;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.ref.WeakReference;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/// Looks, at the begin and at the end of each call, whether it may be called.
///
/// Entering and deactivating are Dekker's protocol: a call counts itself and then reads whether the
/// component is active; the deactivation writes that it is not and then reads the count. So a call
/// that overlaps with the deactivation, or comes later, is seen by at least one of them.
///
/// The bundle may be STOPPING in a call: the framework says so before it unregisters the services,
/// and waits there for the calls that have begun. It may not be any further.
abstract class Suspicious implements TaskWatcher {
    private static final int MAY_BE_CALLED = Bundle.STARTING | Bundle.ACTIVE | Bundle.STOPPING;

    private final Ledger ledger = Ledger.ofThisJvm();
    private final LongAdder calls = ledger.callsOf(getClass());
    private final AtomicInteger inside = new AtomicInteger();

    /// Whether the component is between its activation and its deactivation.
    private volatile boolean active;

    /// Written before `active`, and read after it; both go wrong if a call comes too early.
    @SuppressWarnings("NullAway.Init") // activate
    private BundleContext context;

    @Activate
    void activate(BundleContext itsContext) {
        context = itsContext;
        ledger.loaders().add(new WeakReference<>(getClass().getClassLoader()));
        active = true;
    }

    @Deactivate
    void deactivate() {
        active = false;
        int count = inside.get();
        if (count > 0) {
            violation(new IllegalStateException("deactivated with " + count + " calls inside"));
        }
    }

    @Override
    public Verdict notify(TaskNotification notification) {
        call(notification);
        return Verdict.ALLOW;
    }

    @Override
    public void lost(Loss loss) {
        call(loss);
    }

    private void call(Object told) {
        calls.increment();
        inside.incrementAndGet();
        try {
            check();
            act(told);
            check();
        } catch (RuntimeException | LinkageError e) {
            violation(e);
        } finally {
            inside.decrementAndGet();
        }
    }

    /// What the watcher does with an event or a loss: gives way to whoever would like to unload it.
    ///
    /// @param told the event or loss
    void act(Object told) {
        Thread.yield();
    }

    private void check() {
        if (!active) {
            throw new IllegalStateException("inside while not active");
        }
        Bundle bundle = context.getBundle(); // throws if the context is not valid any more
        if ((bundle.getState() & MAY_BE_CALLED) == 0) {
            throw new IllegalStateException("inside while the bundle is " + bundle.getState());
        }
        var wiring = Objects.requireNonNull(bundle.adapt(BundleWiring.class), "no wiring");
        if (wiring.getClassLoader() != getClass().getClassLoader()) {
            throw new IllegalStateException("inside a revision that is not the bundle's any more");
        }
    }

    private void violation(Throwable t) {
        StringWriter text = new StringWriter();
        t.printStackTrace(new PrintWriter(text, true));
        ledger.violation(
                getClass().getSimpleName() + " in " + Thread.currentThread() + ": " + text);
    }
}
