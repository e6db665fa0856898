// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.locals;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Task;
import org.taskwatch.api.spi.Uncaught;

import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/// The values of one [Values] as texts. What the functions of the bundle throw stays here. Safe for all threads.
final class Texts<T> {
    private static final System.Logger LOG = System.getLogger(Texts.class.getName());

    private static final int MOST_CHARS = 1_024;

    private final String module;
    private final Values<T> values;
    private final AtomicLong faults = new AtomicLong();

    /// @param module the symbolic name of the bundle
    Texts(String module, Values<T> values) {
        this.module = module;
        this.values = values;
    }

    /// {@return how often a function has thrown}
    long faults() {
        return faults.get();
    }

    /// {@return the text of the value of a task, null if it has none}
    @Nullable String shown(Task task) {
        T value = values.get(task);
        String text = value == null ? null : guarded("writing", values.blueprint().write(), value);
        return text == null || text.length() <= MOST_CHARS ? text : text.substring(0, MOST_CHARS);
    }

    /// {@return the texts of all values that are to be carried over; empty if none are}
    Map<Task, String> written() {
        Map<Task, String> texts = new LinkedHashMap<>();
        if (values.blueprint().read() != null) {
            for (Task task : values.tasks()) {
                T value = values.get(task);
                String text =
                        value == null
                                ? null
                                : guarded("writing", values.blueprint().write(), value);
                if (text != null) {
                    texts.put(task, text);
                }
            }
        }
        return texts;
    }

    /// Sets what an earlier revision has written.
    void read(Map<Task, String> texts) {
        Function<String, ? extends T> read = values.blueprint().read();
        if (read != null) {
            texts.forEach((task, text) -> {
                T value = guarded("reading", read, text);
                if (value != null) {
                    values.set(task, value);
                }
            });
        }
    }

    private <A, B> @Nullable B guarded(String what, Function<? super A, B> function, A argument) {
        try {
            return function.apply(argument);
        } catch (VirtualMachineError e) {
            Uncaught.handle(e);
            fault(what, e);
        } catch (RuntimeException | Error e) {
            fault(what, e);
        }
        return null;
    }

    private void fault(String what, Throwable e) {
        if (faults.incrementAndGet() == 1) {
            LOG.log(
                    Level.ERROR,
                    "%s a value of the TaskLocal %s of module %s failed; further ones are counted"
                            .formatted(what, values.name(), module),
                    e);
        }
    }
}
