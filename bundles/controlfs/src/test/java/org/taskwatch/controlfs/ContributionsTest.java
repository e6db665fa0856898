// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.controlfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.jspecify.annotations.Nullable;
import org.junit.Before;
import org.junit.Test;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceListener;
import org.osgi.framework.ServiceReference;
import org.taskwatch.api.file.ControlFile;
import org.taskwatch.api.file.FilePath;
import org.taskwatch.api.file.TextFile;
import org.taskwatch.controlfs.Node.File;
import org.taskwatch.controlfs.Node.Folder;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.function.BiFunction;

/// Which services are files, of a framework that the test plays.
public class ContributionsTest {
    private static final ControlFile FILE = _ -> new TextFile(() -> "");

    private final List<ServiceListener> listeners = new ArrayList<>();
    private final Map<Object, ControlFile> services = new HashMap<>();
    private final List<Object> released = new ArrayList<>();
    private final Contributions contributions =
            new Contributions(fake(BundleContext.class, this::answer), Duration.ofSeconds(60));

    @Before
    public void open() {
        contributions.open();
    }

    private static <T> T fake(
            Class<T> type, BiFunction<String, @Nullable Object[], @Nullable Object> answers) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (proxy, method, arguments) ->
                                switch (method.getName()) {
                                    case "hashCode" -> System.identityHashCode(proxy);
                                    case "equals" -> proxy == arguments[0];
                                    case "toString" -> type.getSimpleName();
                                    default -> answers.apply(method.getName(), arguments);
                                }));
    }

    private @Nullable Object answer(String method, @Nullable Object[] arguments) {
        switch (method) {
            case "createFilter" -> {
                try {
                    return FrameworkUtil.createFilter((String) arguments[0]);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
            case "addServiceListener" -> listeners.add((ServiceListener) arguments[0]);
            case "removeServiceListener" -> listeners.remove(arguments[0]);
            case "ungetService" -> {
                return released.add(arguments[0]);
            }
            case "getService" -> {
                return services.get(arguments[0]);
            }
            default -> {}
        }
        return null;
    }

    /// A reference to a service, whose properties may change.
    @SuppressWarnings("unchecked")
    private static ServiceReference<ControlFile> reference(Map<String, Object> properties) {
        return fake(
                ServiceReference.class,
                (method, arguments) ->
                        switch (method) {
                            case "getProperty" -> properties.get(arguments[0]);
                            case "compareTo" ->
                                    Integer.compare(
                                            (Integer) properties.getOrDefault("rank", 0),
                                            (Integer)
                                                    ((ServiceReference<?>) arguments[0])
                                                            .getProperty("rank"));
                            default -> null;
                        });
    }

    private void tell(int event, ServiceReference<ControlFile> reference) {
        listeners.forEach(l -> l.serviceChanged(new ServiceEvent(event, reference)));
    }

    private ServiceReference<ControlFile> register(Map<String, Object> properties) {
        ServiceReference<ControlFile> reference = reference(properties);
        services.put(reference, FILE);
        tell(ServiceEvent.REGISTERED, reference);
        return reference;
    }

    private static Map<String, Object> path(Object path) {
        return new HashMap<>(Map.of(FilePath.FILE_PATH, path, "rank", 0));
    }

    private Map<String, Node> children() {
        Node root = Objects.requireNonNull(contributions.tree().node(Node.ROOT));
        return ((Folder) root).children();
    }

    private List<String> names() {
        return List.copyOf(children().keySet());
    }

    private Contribution file(String name) {
        return ((File) Objects.requireNonNull(children().get(name))).contribution();
    }

    private static Call call() {
        return new Call("test", 0, _ -> {});
    }

    @Test
    public void shouldServeAFileAsLongAsItsServiceIsThere() throws Exception {
        ServiceReference<ControlFile> reference = register(path("file"));
        Contribution file = file("file");
        assertThat(file.call(call(), () -> "inside")).isEqualTo("inside");

        tell(ServiceEvent.UNREGISTERING, reference);

        assertThat(names()).isEmpty();
        assertThat(released).containsExactly(reference);
        assertThatThrownBy(() -> file.call(call(), () -> "")).hasMessageContaining("ENODEV");
    }

    @Test
    public void shouldNotServeWhatHasNoPathThatCouldBe() {
        for (Object path :
                List.of("", "/a", "a/", "a//b", ".", "a/..", "a\0b", "x".repeat(256), 7)) {
            register(path(path));
            assertThat(names()).as("%s", path).isEmpty();
        }
        register(new HashMap<>());
        assertThat(names()).isEmpty();

        register(path("x".repeat(255)));
        register(path("..."));
        assertThat(names()).containsExactlyInAnyOrder("x".repeat(255), "...");
    }

    @Test
    public void shouldCountTheLengthOfANameInBytes() {
        register(path("\u00e4".repeat(128)));
        assertThat(names()).isEmpty();
    }

    @Test
    public void shouldNotServeAServiceThatCantBeHad() {
        tell(ServiceEvent.REGISTERED, reference(path("file")));

        assertThat(names()).isEmpty();
    }

    @Test
    public void shouldTakePermissionsAloneFromTheMode() {
        Map<String, Object> wild = path("wild");
        wild.put(FilePath.MODE, 0107644);
        register(wild);
        Map<String, Object> wrong = path("wrong");
        wrong.put(FilePath.MODE, "0666");
        register(wrong);

        assertThat(file("wild").mode()).isEqualTo(0644);
        assertThat(file("wrong").mode()).isEqualTo(FilePath.READABLE);
    }

    @Test
    public void shouldServeTheOneWithTheHighestRankingOfTwoWithOnePath() {
        register(path("file"));
        Contribution first = file("file");
        Map<String, Object> properties = path("file");
        properties.put("rank", 1);
        ServiceReference<ControlFile> second = register(properties);
        assertThat(file("file")).isNotSameAs(first);

        properties.put("rank", -1);
        tell(ServiceEvent.MODIFIED, second);
        assertThat(file("file")).isSameAs(first);
    }

    @Test
    public void shouldServeTheOtherOfTwoWhenTheFirstGoes() {
        ServiceReference<ControlFile> first = register(path("file"));
        Map<String, Object> lower = path("file");
        lower.put("rank", -1);
        register(lower);
        Contribution before = file("file");

        tell(ServiceEvent.UNREGISTERING, first);

        assertThat(file("file")).isNotSameAs(before);
    }

    @Test
    public void shouldWaitForTheCallsInsideWhenItIsClosed() throws Exception {
        ServiceReference<ControlFile> reference = register(path("file"));
        Contribution file = file("file");
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch mayLeave = new CountDownLatch(1);
        FutureTask<String> calling =
                new FutureTask<>(() ->
                        file.call(
                                call(),
                                () -> {
                                    inside.countDown();
                                    while (mayLeave.getCount() > 0) {
                                        Thread.onSpinWait(); // whatever interrupts it
                                    }
                                    return "left";
                                }));
        Thread.ofPlatform().start(calling);
        inside.await();
        Thread closer = Thread.ofPlatform().start(contributions::close);
        await().until(() -> closer.getState() == Thread.State.TIMED_WAITING);
        assertThat(names()).isEmpty();

        mayLeave.countDown();
        closer.join();

        assertThat(calling.get()).isEqualTo("left");
        assertThat(released).containsExactly(reference);
        assertThat(listeners).isEmpty();
    }
}
