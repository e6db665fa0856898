// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.locals;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskLocal;
import org.taskwatch.api.TaskLocals;

import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;

/// Collects what is said of a [TaskLocal], and has it made.
final class BlueprintBuilder<T> implements TaskLocals.Builder<T> {
    private final BundleLocals maker;

    private Blueprint<T> said;

    BlueprintBuilder(BundleLocals maker, String name) {
        this.maker = maker;
        said = Blueprint.of(name);
    }

    @Override
    public TaskLocals.Builder<T> threads() {
        said = new Blueprint<>(said.name(), true, said.child(), said.write(), said.read());
        return this;
    }

    @Override
    public TaskLocals.Builder<T> inherited() {
        return inherited((value, _) -> value);
    }

    @Override
    public TaskLocals.Builder<T> inherited(
            BiFunction<? super T, Task, ? extends @Nullable T> child) {
        Objects.requireNonNull(child, "child");
        said = new Blueprint<>(said.name(), said.ofThreads(), child, said.write(), said.read());
        return this;
    }

    @Override
    public TaskLocals.Builder<T> shown(Function<? super T, String> write) {
        return texts(write, null);
    }

    @Override
    public TaskLocals.Builder<T> carried(
            Function<? super T, String> write, Function<String, ? extends T> read) {
        return texts(write, Objects.requireNonNull(read, "read"));
    }

    private TaskLocals.Builder<T> texts(
            Function<? super T, String> write, @Nullable Function<String, ? extends T> read) {
        Objects.requireNonNull(write, "write");
        said = new Blueprint<>(said.name(), said.ofThreads(), said.child(), write, read);
        return this;
    }

    @Override
    public TaskLocal<T> create() {
        return maker.create(said);
    }
}
