// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api;

import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

import java.util.function.BiFunction;
import java.util.function.Function;

/// Makes the [TaskLocal]s of a bundle. An OSGi service: each bundle that uses it has its own, and what it
/// has made goes when no component of the bundle uses it any more.
///
/// ```java
/// private final TaskLocal<Instant> started;
///
/// @Activate
/// public RunTime(@Reference TaskLocals locals) {
///     started = locals.<Instant>named("started").create();
/// }
/// ```
///
/// Safe for all threads.
@ProviderType
public interface TaskLocals {
    /// Begins to make one.
    ///
    /// @param <T> the type of its values
    /// @param name what people see: up to 64 lower-case letters, digits and `-`, a letter first
    /// @return says what it is to be
    /// @throws IllegalArgumentException if the name has other letters
    <T> Builder<T> named(String name);

    /// Says what a [TaskLocal] is to be. For one thread.
    ///
    /// The functions are called while the bundle is there, and not after it has stopped: [#inherited] by the
    /// thread of the bundle's lane, as its watchers are, the others by any thread. What one throws is counted, and logged
    /// once; then there is no value, or no text.
    ///
    /// @param <T> the type of the values
    @ProviderType
    interface Builder<T> {
        /// Threads have values too, [Task#isThread]; a thread inherits that of its process. Without this, only
        /// processes do, and the events of threads are not asked for.
        ///
        /// @return this
        Builder<T> threads();

        /// A task inherits the very value of its parent at its CLONE.
        ///
        /// @return this
        Builder<T> inherited();

        /// A task inherits what is made of its parent's value at its CLONE.
        ///
        /// @param child makes it, of the parent's value and the child; null if the child is to have none
        /// @return this
        Builder<T> inherited(BiFunction<? super T, Task, ? extends @Nullable T> child);

        /// How a value is shown to people. Without this it is what its `toString` says.
        ///
        /// @param write makes a text of a value; it is cut after 1,024 characters
        /// @return this
        Builder<T> shown(Function<? super T, String> write);

        /// The values are carried over when the bundle is updated, refreshed or deployed anew, to the [TaskLocal] of
        /// this name that the new revision makes, as texts: so nothing of the old revision's classes stays. They are
        /// held as long as the events on its lane are, and only for a new revision: not if the bundle is
        /// just stopped and started, as it has then missed what happened.
        ///
        /// @param write makes a text of a value; it is what people are shown, too
        /// @param read makes a value of such a text
        /// @return this
        Builder<T> carried(Function<? super T, String> write, Function<String, ? extends T> read);

        /// Makes it. If the bundle has one of this name, that one is emptied and can't be used any more: so a
        /// component that is activated again begins anew.
        ///
        /// @return what was made
        /// @throws IllegalStateException if the bundle has stopped
        TaskLocal<T> create();
    }
}
