// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ops4j.pax.exam.CoreOptions.bundle;

import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventAdmin;
import org.osgi.service.event.EventConstants;
import org.osgi.service.event.EventHandler;
import org.taskwatch.api.tool.Modules;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import javax.inject.Inject;

/// Real processes on the topics of an EventAdmin, which comes and goes.
@RunWith(PaxExam.class)
public class EventAdminIT {
    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final String POSTER = "org.taskwatch.eventadmin";

    @Inject private BundleContext context;
    @Inject private Modules modules;

    private final Queue<Event> events = new ConcurrentLinkedQueue<>();
    private ServiceRegistration<EventHandler> handler;

    /// Adds what is optional. Runs outside the framework.
    ///
    /// @return the options
    @Configuration
    public Option[] distribution() throws Exception {
        TempFolder folder = TempFolder.create();
        Runtime.getRuntime().addShutdownHook(new Thread(folder::close));
        List<Option> options =
                new ArrayList<>(
                        Arrays.asList(Framework.withDistribution(folder.path().resolve("base"))));
        options.add(Framework.bundleOf(org.apache.felix.eventadmin.impl.Activator.class));
        Path optional = Path.of(System.getProperty("taskwatch.distribution"), "optional");
        try (Stream<Path> jars = Files.list(optional)) {
            jars.filter(jar -> jar.getFileName().toString().startsWith(POSTER))
                    .forEach(jar -> options.add(bundle(jar.toUri().toString())));
        }
        return options.toArray(Option[]::new);
    }

    @Before
    public void listen() {
        handler =
                context.registerService(
                        EventHandler.class,
                        events::add,
                        FrameworkUtil.asDictionary(
                                Map.of(EventConstants.EVENT_TOPIC, "org/taskwatch/task/*")));
        awaitThat(this::isPosting);
    }

    @After
    public void end() {
        handler.unregister();
    }

    private boolean isPosting() {
        return modules.modules().stream().anyMatch(module -> module.name().equals(POSTER));
    }

    private static void awaitThat(Callable<Boolean> condition) {
        await().atMost(DEADLINE).pollInterval(Duration.ofMillis(10)).until(condition);
    }

    private Event posted(String kind, long pid) {
        awaitThat(() -> find(kind, pid).findAny().isPresent());
        return find(kind, pid).findAny().orElseThrow();
    }

    private Stream<Event> find(String kind, long pid) {
        return events.stream()
                .filter(event -> event.getTopic().equals("org/taskwatch/task/" + kind))
                .filter(event -> Long.toString(pid).equals(event.getProperty("pid") + ""));
    }

    /// Runs processes until the end of one is posted: the first ones may come while an EventAdmin that has just started
    /// takes its configuration, and is another one to who uses it.
    private long runUntilPosted() throws Exception {
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (System.nanoTime() < end) {
            Process process = new ProcessBuilder("/bin/sh", "-c", "exit 7").start();
            process.waitFor();
            for (int i = 0; i < 100 && find("EXIT", process.pid()).findAny().isEmpty(); i++) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
            if (find("EXIT", process.pid()).findAny().isPresent()) {
                return process.pid();
            }
        }
        throw new AssertionError("nothing was posted: " + events);
    }

    @Test
    public void shouldPostTheLifeOfAProcess() throws Exception {
        long pid = runUntilPosted();

        assertThat(posted("EXIT", pid).getProperty("value")).isEqualTo(7L << 8);
        assertThat(find("EXEC", pid)) // the first one is a helper of the JDK
                .extracting(event -> List.of((String[]) event.getProperty("command")))
                .contains(List.of("/bin/sh", "-c", "exit 7"));
        assertThat(posted("CLONE", pid).getProperty("ppid"))
                .isEqualTo((int) ProcessHandle.current().pid());
    }

    @Test
    public void shouldPostOnlyAsLongAsThereIsAnEventAdmin() throws Exception {
        Bundle admin = context.getServiceReference(EventAdmin.class).getBundle();

        admin.stop();
        assertThat(isPosting()).isFalse();
        admin.start();

        awaitThat(this::isPosting);
        runUntilPosted();
    }
}
