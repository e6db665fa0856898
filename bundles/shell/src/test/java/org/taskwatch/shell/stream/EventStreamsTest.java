// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.Test;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.file.Client;
import org.taskwatch.testing.FakeTask;

import java.lang.annotation.Annotation;
import java.lang.reflect.Proxy;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Supplier;

/// What all streams together may take, and what becomes of one that can't be opened.
public class EventStreamsTest {
    private static final int MOST_OPEN = 256;
    private static final EventFilter ALL =
            new EventFilter(EnumSet.allOf(TaskEvent.class), _ -> true, true);

    private final FakeTask bash = FakeTask.process(200, null, "bash", "bash");

    /// A configuration of 100 events and 1024 bytes for each stream, and so 2048 bytes for all.
    private record Small(String capacity, String bytes) implements EventStreams.Config {
        Small() {
            this("100", "1024");
        }

        @Override
        public Class<? extends Annotation> annotationType() {
            return EventStreams.Config.class;
        }
    }

    @SuppressWarnings("unchecked") // what a proxy is cast to
    private static <T> T fake(Class<?> type, Supplier<@Nullable Object> answer) {
        return (T)
                Proxy.newProxyInstance(
                        type.getClassLoader(), new Class<?>[] {type}, (_, _, _) -> answer.get());
    }

    private static BundleContext context() {
        Object registration = fake(ServiceRegistration.class, () -> null);
        return fake(BundleContext.class, () -> registration);
    }

    private void fill(EventStream stream) {
        for (int sequence = 1; sequence <= 100; sequence++) {
            stream.add(bash.event(TaskEvent.EXEC, 0, sequence));
        }
    }

    @Test
    public void shouldNotGiveStreamsNewMemoryWhenItIsConfiguredAsBefore() {
        EventStreams streams = new EventStreams(context(), new Small());
        fill(streams.open(ALL, Set.of()));
        fill(streams.open(ALL, Set.of()));

        streams.modify(new Small());
        EventStream third = streams.open(ALL, Set.of());
        third.add(bash.event(TaskEvent.EXEC, 0, 1));

        assertThat(third.lost()).isNotNull();
    }

    @Test
    public void shouldNotCountAReaderWhoseStreamCouldNotBeOpened() {
        BundleContext gone =
                fake(
                        BundleContext.class,
                        () -> {
                            throw new IllegalStateException("the bundle is being stopped");
                        });
        EventsFile file = new EventsFile(new EventStreams(gone, new Small()));
        Client client = new Client(1, 0, 0);

        for (int i = 0; i <= MOST_OPEN; i++) {
            assertThatThrownBy(() -> file.open(client)).isInstanceOf(IllegalStateException.class);
        }
    }
}
