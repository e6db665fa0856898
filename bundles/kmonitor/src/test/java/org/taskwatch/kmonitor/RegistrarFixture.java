// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.kmonitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.taskwatch.kmonitor.RegistrationsFixture.USER;
import static org.taskwatch.kmonitor.RegistrationsFixture.process;

import org.jspecify.annotations.Nullable;
import org.junit.Before;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.WatchTask;
import org.taskwatch.api.file.Client;
import org.taskwatch.api.tool.TaskTable;
import org.taskwatch.kmonitor.FakeKernel.FakeProcess;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// A registrar with a kernel, a table of tasks and a bundle context that the test makes up, and one monitor.
abstract class RegistrarFixture {
    static final Client ME = new Client(10, USER, USER);

    final FakeKernel kernel = new FakeKernel();
    final Map<Integer, Task> tasks = new ConcurrentHashMap<>();
    final List<String> registered = new ArrayList<>(); // the watchers
    final Object file = new Object();
    final Registrations registrations = new Registrations(kernel, () -> {});
    int released;
    final OnDemandWatchers watchers =
            new OnDemandWatchers(context(), registrations, () -> released++);
    final Registrar registrar = new Registrar(kernel, new FakeTable(), registrations, watchers);

    final FakeProcess receiver = kernel.add(10, USER);

    @Before
    public void open() throws Exception {
        registrations.open(file, Objects.requireNonNull(kernel.status(10)));
    }

    /// The table of the tasks that the test has put there.
    private final class FakeTable implements TaskTable {
        @Override
        public @Nullable Task task(int tid) {
            return tasks.get(tid);
        }

        @Override
        public Collection<Task> tasks() {
            return tasks.values();
        }

        @Override
        public void snapshot(Consumer<List<TaskNotification>> receiver) {
            throw new UnsupportedOperationException();
        }
    }

    // Takes note of what is registered and unregistered.
    private BundleContext context() {
        return proxy(
                BundleContext.class,
                arguments -> {
                    boolean isOfThreads =
                            (boolean) ((Dictionary<?, ?>) arguments[2]).get(WatchTask.THREADS);
                    String name = isOfThreads ? "threads" : "processes";
                    registered.add(name);
                    return proxy(
                            ServiceRegistration.class,
                            _ -> {
                                registered.remove(name);
                                return null;
                            });
                });
    }

    private interface Call {
        @Nullable Object call(Object[] arguments);
    }

    private static <T> T proxy(Class<T> type, Call call) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (_, _, arguments) -> call.call(arguments)));
    }

    final FakeProcess target(int pid, int uid) {
        tasks.put(pid, process(pid, null));
        return kernel.add(pid, uid);
    }

    final void register(int pid, int type, int signal) throws Exception {
        registrar.register(file, ME, new Ioctl(pid, type, signal));
    }

    final void assertRefused(String errno, Client client, int pid, int type, int signal) {
        assertThatThrownBy(() -> registrar.register(file, client, new Ioctl(pid, type, signal)))
                .hasMessageStartingWith(errno + ":");
        assertThat(registrations.isAny()).isFalse();
        watchers.trim();
        assertThat(registered).isEmpty();
    }
}
