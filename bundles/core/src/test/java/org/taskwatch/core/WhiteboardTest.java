// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.jspecify.annotations.Nullable;
import org.junit.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceReference;
import org.taskwatch.api.Delivery;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.WatchTask;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// What the service events promise.
public class WhiteboardTest {
    private final Fixture core = new Fixture();
    private final Bundle bundle = Fixture.bundle("m");
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);

    private final TaskWatcher held =
            n -> {
                entered.countDown();
                go.await();
                return Verdict.ALLOW;
            };

    /// The framework delivers the two in the threads of whoever changes the properties and whoever
    /// unregisters: nothing keeps them apart.
    @Test
    public void shouldKeepOutAServiceThatIsRemovedWhileItsPropertiesChange() throws Exception {
        Whiteboard whiteboard =
                new Whiteboard(fake(BundleContext.class, this::context), core.registry);
        @SuppressWarnings("unchecked")
        ServiceReference<TaskWatcher> reference = fake(ServiceReference.class, this::reference);
        whiteboard.serviceChanged(new ServiceEvent(ServiceEvent.REGISTERED, reference));
        run(() -> core.notifier.notify(TaskEvent.EXEC, 0, Fixture.task(1)));
        assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
        var modified = run(whiteboard, ServiceEvent.MODIFIED, reference);
        await().until(() -> core.published.live().isEmpty());

        var removed = run(whiteboard, ServiceEvent.UNREGISTERING, reference);
        try {
            assertThatThrownBy(() -> removed.get(200, TimeUnit.MILLISECONDS))
                    .as("returned while a call is in flight")
                    .isInstanceOf(TimeoutException.class);
        } finally {
            go.countDown();
        }
        assertThat(modified).succeedsWithin(Fixture.DEADLINE);
        assertThat(removed).succeedsWithin(Fixture.DEADLINE);
        assertThat(core.published.live()).isEmpty();
    }

    @Test
    public void shouldNotTakeInAServiceWhoseRemovalWasToldFirst() {
        Whiteboard whiteboard =
                new Whiteboard(fake(BundleContext.class, this::context), core.registry);
        ServiceReference<?> reference = fake(ServiceReference.class, this::reference);

        whiteboard.serviceChanged(new ServiceEvent(ServiceEvent.UNREGISTERING, reference));
        whiteboard.serviceChanged(new ServiceEvent(ServiceEvent.REGISTERED, reference));

        assertThat(core.published.live()).isEmpty();
    }

    private static CompletableFuture<Void> run(
            Whiteboard whiteboard, int type, ServiceReference<?> reference) {
        return run(() -> whiteboard.serviceChanged(new ServiceEvent(type, reference)));
    }

    private Object context(Object proxy, Method method, Object[] arguments) {
        return method.getName().equals("getService") ? held : true;
    }

    private @Nullable Object reference(Object proxy, Method method, Object[] arguments) {
        switch (method.getName()) {
            case "getBundle":
                return bundle;
            case "hashCode":
                return System.identityHashCode(proxy);
            case "equals":
                return proxy == arguments[0];
            case "compareTo":
                return 0;
            default:
        }
        return switch (String.valueOf(arguments[0])) {
            case WatchTask.WATCH_TASK -> "EXEC";
            case WatchTask.CAPTURE -> "CMDLINE";
            case WatchTask.THREADS -> true;
            case WatchTask.FILTER -> "";
            case WatchTask.EXISTING -> "false"; // as a configuration file gives it
            case WatchTask.DELIVERY -> Delivery.SYNC.name();
            case "service.id" -> 1L;
            default -> null;
        };
    }

    private static CompletableFuture<Void> run(Runnable action) {
        return CompletableFuture.runAsync(action, task -> Thread.ofPlatform().daemon().start(task));
    }

    private static <T> T fake(Class<T> type, InvocationHandler handler) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
