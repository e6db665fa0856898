// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api;

import java.util.Locale;
import java.util.Optional;

/// Something known of a task, or the reason why it is not known. Never a value that means two
/// things: what was too long to be kept says that it was cut. Texts are [RawText].
///
/// @param <T> the type of the value
public sealed interface Detail<T> {
    /// What follows the beginning of a value where the value is shown to a person.
    String ELLIPSIS = "\u2026";

    /// A value that is known.
    ///
    /// @param <T> the type of the value
    /// @param get the value
    record Known<T>(T get) implements Detail<T> {
        @Override
        public Optional<T> value() {
            return Optional.of(get);
        }

        @Override
        public T orElse(T other) {
            return get;
        }

        /// {@return the value as text in one line that can be shown, see [RawText#escape]}
        @Override
        public String toString() {
            return RawText.escape(String.valueOf(get));
        }
    }

    /// A value of which only the beginning is known, because it was too long to be kept.
    ///
    /// @param <T> the type of the value
    /// @param get the beginning
    record Cut<T>(T get) implements Detail<T> {
        @Override
        public Optional<T> value() {
            return Optional.of(get);
        }

        @Override
        public T orElse(T other) {
            return get;
        }

        /// {@return the beginning as text in one line that can be shown, and an ellipsis}
        @Override
        public String toString() {
            return RawText.escape(String.valueOf(get)) + ELLIPSIS;
        }
    }

    /// A value that is not known.
    ///
    /// @param <T> the type of the value
    /// @param reason why
    record Unknown<T>(Reason reason) implements Detail<T> {
        @Override
        public Optional<T> value() {
            return Optional.empty();
        }

        @Override
        public T orElse(T other) {
            return other;
        }

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

    /// {@return a detail of which only the beginning is known}
    ///
    /// @param <T> the type of the value
    /// @param beginning the beginning of the value
    static <T> Detail<T> cut(T beginning) {
        return new Cut<>(beginning);
    }

    /// {@return a detail that is not known}
    ///
    /// @param <T> the type of the value
    /// @param reason why
    static <T> Detail<T> unknown(Reason reason) {
        return new Unknown<>(reason);
    }

    /// {@return whether only the beginning of the value is known}
    default boolean isCut() {
        return this instanceof Cut;
    }

    /// {@return the value, or what is known of it; empty if nothing is}
    Optional<T> value();

    /// {@return the value, or what is known of it; another one if nothing is}
    ///
    /// @param other what to return if nothing is known of the value
    T orElse(T other);
}
