// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api;

import java.util.Locale;
import java.util.Optional;

/// Something known of a task, or the reason why it is not known. Never a value that means two
/// things.
///
/// @param <T> the type of the value
public sealed interface Detail<T> {
    /// A value that is known.
    ///
    /// @param <T> the type of the value
    /// @param get the value
    record Known<T>(T get) implements Detail<T> {
        /// {@return the value as text}
        @Override
        public String toString() {
            return String.valueOf(get);
        }
    }

    /// A value that is not known.
    ///
    /// @param <T> the type of the value
    /// @param reason why
    record Unknown<T>(Reason reason) implements Detail<T> {
        /// {@return a question mark and the reason, as `?gone`}
        @Override
        public String toString() {
            return "?" + reason.name().toLowerCase(Locale.ROOT);
        }
    }

    /// Why a detail is not known.
    enum Reason {
        /// The task was gone before it could be read.
        GONE,
        /// This process may not read it.
        DENIED,
        /// The task has none, as a kernel thread has no executable.
        NONE,
        /// Nobody asked for it, or the source can't tell it.
        NOT_READ,
        /// It is there, but reading it failed, as without a free file descriptor.
        FAILED
    }

    /// {@return a known detail}
    ///
    /// @param <T> the type of the value
    /// @param value the value
    static <T> Detail<T> of(T value) {
        return new Known<>(value);
    }

    /// {@return a detail that is not known}
    ///
    /// @param <T> the type of the value
    /// @param reason why
    static <T> Detail<T> unknown(Reason reason) {
        return new Unknown<>(reason);
    }

    /// {@return the value, empty if it is not known}
    default Optional<T> value() {
        return switch (this) {
            case Known<T>(T value) -> Optional.of(value);
            case Unknown<T> _ -> Optional.empty();
        };
    }

    /// {@return the value, or another one if it is not known}
    ///
    /// @param other what to return if the value is not known
    default T orElse(T other) {
        return switch (this) {
            case Known<T>(T value) -> value;
            case Unknown<T> _ -> other;
        };
    }
}
