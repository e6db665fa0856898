// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.kmonitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.taskwatch.kmonitor.RegistrationsFixture.process;

import org.jspecify.annotations.Nullable;
import org.junit.Before;
import org.junit.Test;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.WatchTask;
import org.taskwatch.api.file.Client;
import org.taskwatch.api.tool.TaskTable;
import org.taskwatch.kmonitor.FakeKernel.FakeProcess;
import org.taskwatch.testing.FakeTask;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// Who may register what, and that the watchers are there while they are needed.
public class RegistrarTest {
    private static final int USER = 1000;
    private static final int END = 0x40;
    private static final int THREAD_EXIT = 0x04;
    private static final int LOST = 0x4000_0000;
    private static final Client ME = new Client(10, USER, USER);

    private final FakeKernel kernel = new FakeKernel();
    private final Map<Integer, Task> tasks = new ConcurrentHashMap<>();
    private final List<String> registered = new ArrayList<>();
    private final Object file = new Object();
    private final Registrations registrations = new Registrations(kernel, () -> {});
    private int released;
    private final OnDemandWatchers watchers =
            new OnDemandWatchers(context(), registrations, () -> released++);
    private final Registrar registrar =
            new Registrar(kernel, new FakeTable(), registrations, watchers);

    private final FakeProcess receiver = kernel.add(10, USER);

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

    private FakeProcess target(int pid, int uid) {
        tasks.put(pid, process(pid, null));
        return kernel.add(pid, uid);
    }

    private void register(int pid, int type, int signal) throws Exception {
        registrar.register(file, ME, new Ioctl(pid, type, signal));
    }

    private void assertRefused(String errno, Client client, int pid, int type, int signal) {
        assertThatThrownBy(() -> registrar.register(file, client, new Ioctl(pid, type, signal)))
                .hasMessageStartingWith(errno + ":");
        assertThat(registrations.isAny()).isFalse();
        watchers.trim();
        assertThat(registered).isEmpty();
    }

    @Test
    public void shouldRefuseWhatMakesNoSense() {
        target(100, USER);
        assertRefused("EINVAL", ME, 0, END, 40);
        assertRefused("EINVAL", ME, -100, END, 40);
        assertRefused("EINVAL", ME, 100, 0, 40);
        assertRefused("EINVAL", ME, 100, 0x80 | END, 40);
        assertRefused("EINVAL", ME, 100, 0x2000_0000, 40);
        for (int signal : new int[] {-1, 0, 32, 33, 65}) {
            assertRefused("EINVAL", ME, 100, END, signal);
        }
    }

    @Test
    public void shouldRefuseToTellTheLossesOfASignalThatTheKernelLosesUnsaid() throws Exception {
        target(100, USER);
        assertRefused("EINVAL", ME, 100, END | LOST, 10);
        register(100, END, 10);
        register(100, END | LOST, 34);
    }

    @Test
    public void shouldRefuseToTakeBackWhatMakesNoSense() throws Exception {
        target(100, USER);
        register(100, END, 40);
        for (int type : new int[] {0, 0x80, 0x80 | END}) {
            assertThatThrownBy(() -> deregister(100, type)).hasMessageStartingWith("EINVAL:");
        }
        deregister(100, LOST);
        assertThat(registrations.isAny()).isTrue();
        deregister(100, END);
        assertThat(registrations.isAny()).isFalse();
    }

    private void deregister(int pid, int type) throws Exception {
        registrar.deregister(file, ME, new Ioctl(pid, type, 0));
    }

    @Test
    public void shouldAskWhetherTheMonitorMaySignalTheProcessThatItGets() {
        target(100, USER);
        Runnable replace =
                () -> {
                    kernel.remove(100);
                    kernel.add(100, 0);
                };
        // The first look is at the monitor.
        kernel.whenLookedAt = () -> kernel.whenLookedAt = replace;
        assertRefused("ESRCH", ME, 100, END, 40);
        assertRefused("EPERM", ME, 100, END, 40);
    }

    @Test
    public void shouldRefuseATargetThatIsGone() {
        assertRefused("ESRCH", ME, 100, END, 40);
        target(100, USER).isEnded = true;
        assertRefused("ESRCH", ME, 100, END, 40);
    }

    @Test
    public void shouldRefuseATargetThatTheMonitorCouldNotSignal() throws Exception {
        target(100, 0);
        assertRefused("EPERM", ME, 100, END, 40);
        kernel.put(100, new TaskStatus(100, 0, 0, USER, true, true)); // it can become ours again
        register(100, END, 40);
        assertThat(registrations.isAny()).isTrue();
    }

    @Test
    public void shouldLetRootRegisterAll() throws Exception {
        kernel.put(10, new TaskStatus(10, 0, 0, 0, true, true));
        target(100, USER);
        register(100, END, 9);
        assertThat(registrations.isAny()).isTrue();
    }

    @Test
    public void shouldRefuseAMonitorThatCountsProcessesOtherwise() {
        target(100, USER);
        assertRefused("EPERM", new Client(0, USER, USER), 100, END, 40);
        kernel.put(10, new TaskStatus(10, USER, USER, USER, false, false));
        assertRefused("EPERM", ME, 100, END, 40);
    }

    @Test
    public void shouldTakeTheProcessOfTheCallingThreadForTheMonitor() throws Exception {
        target(100, USER);
        kernel.put(17, new TaskStatus(10, USER, USER, USER, false, true));
        registrar.register(file, new Client(17, USER, USER), new Ioctl(100, END, 40));
        assertThat(registrations.monitors(0).getFirst().pid()).isEqualTo(10);
    }

    @Test
    public void shouldTakeOfAThreadItsEndOnly() throws Exception {
        FakeTask process = process(100, null);
        tasks.put(101, process.thread(101));
        kernel.put(101, new TaskStatus(100, USER, USER, USER, false, true));
        assertRefused("EINVAL", ME, 101, END, 40);
        assertRefused("EINVAL", ME, 101, THREAD_EXIT | 0x01, 40);
        register(101, THREAD_EXIT, 40);
        assertThat(registered).containsExactly("processes", "threads");
    }

    @Test
    public void shouldWatchWhileSomethingIsRegisteredOnly() throws Exception {
        target(100, USER);
        assertThat(registered).isEmpty();
        register(100, END | THREAD_EXIT, 40);
        watchers.trim();
        assertThat(registered).containsExactly("processes", "threads");

        registrar.deregister(file, ME, new Ioctl(100, THREAD_EXIT, 40));
        watchers.trim();
        assertThat(registered).containsExactly("processes");

        registrations.close(file);
        watchers.trim();
        assertThat(registered).isEmpty();
    }

    @Test
    public void shouldWaitUntilTheTargetIsInTheTable() throws Exception {
        kernel.add(100, USER);
        Thread pump = Thread.ofVirtual().start(() -> tasks.put(100, process(100, null)));
        register(100, END, 40);
        pump.join();
        assertThat(registrations.isAny()).isTrue();
    }

    @Test
    public void shouldNotBeDisturbedBySignalsToTheClient() throws Exception {
        kernel.add(100, USER);
        Thread.currentThread().interrupt();
        Thread pump = Thread.ofVirtual().start(() -> tasks.put(100, process(100, null)));
        register(100, END | THREAD_EXIT, 40);
        Thread.currentThread().interrupt();
        assertThat(new LinuxKernel().status(1)).isNotNull();
        assertThat(Thread.interrupted()).isTrue();
        pump.join();
        assertThat(registrations.isAny()).isTrue();
    }

    @Test
    public void shouldRefuseATargetThatHasEndedMeanwhileIfThatWasToldBefore() {
        FakeProcess target = target(100, USER);
        target.whenAsked = () -> target.isEnded = registrations.isAny();
        assertRefused("ESRCH", ME, 100, END, 40);
        assertThat(released).isOne();
        assertThat(receiver.open).isOne();
        assertThat(target.open).isZero();
    }

    @Test
    public void shouldRegisterATargetThatHasEndedMeanwhileIfThatWasTold() throws Exception {
        FakeProcess target = target(100, USER);
        FakeTask task = (FakeTask) Objects.requireNonNull(tasks.get(100));
        target.whenAsked =
                () -> {
                    if (registrations.isAny()) {
                        target.isEnded = true;
                        notify(task.now(TaskEvent.EXIT, 0));
                    }
                };
        register(100, END, 40);
        assertThat(receiver.received()).containsExactly("40 0x40 100 1000");
        assertThat(registrations.isAny()).isFalse();
    }

    private void notify(TaskNotification event) {
        try {
            new Events(registrations).processes().notify(event);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
