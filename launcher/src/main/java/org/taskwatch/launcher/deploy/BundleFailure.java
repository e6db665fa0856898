// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.deploy;

import org.osgi.framework.BundleException;
import org.taskwatch.launcher.failure.Failure;
import org.taskwatch.launcher.source.SourceException;

import java.io.IOException;

/// Why a bundle could not be installed, updated or started.
///
/// @param kind what follows from it
/// @param reason in one line; of a source, further lines for the errors in it
public record BundleFailure(Kind kind, String reason) {
    /// What a failure depends on.
    public enum Kind {
        /// On the bundle alone.
        OWN,
        /// On which other bundles are there.
        OTHERS,
        /// On the file, which ends where more has to come: perhaps it is being written.
        UNFINISHED
    }

    /// {@return what an exception of the framework says}
    ///
    /// @param e the exception
    public static BundleFailure of(BundleException e) {
        return switch (e.getType()) {
            case BundleException.RESOLVE_ERROR ->
                    new BundleFailure(Kind.OTHERS, requirement(String.valueOf(e.getMessage())));
            case BundleException.DUPLICATE_BUNDLE_ERROR ->
                    new BundleFailure(Kind.OTHERS, String.valueOf(e.getMessage()));
            case BundleException.ACTIVATOR_ERROR ->
                    new BundleFailure(Kind.OWN, "its activator failed: " + cause(e));
            default -> new BundleFailure(Kind.OWN, cause(e));
        };
    }

    /// {@return what an exception says of a file}
    ///
    /// @param e the exception
    static BundleFailure of(IOException e) {
        return e instanceof SourceException source
                ? new BundleFailure(kind(source.cause()), String.valueOf(source.getMessage()))
                : new BundleFailure(Kind.OWN, Failure.reason(e));
    }

    private static Kind kind(SourceException.Cause cause) {
        return switch (cause) {
            case SOURCE -> Kind.OWN;
            case END -> Kind.UNFINISHED;
            case CLASS_PATH -> Kind.OTHERS;
        };
    }

    /// {@return the reason, with more at the end of its first line}
    ///
    /// @param more what to say besides
    String with(String more) {
        int end = reason.indexOf('\n');
        return end < 0 ? reason + more : reason.substring(0, end) + more + reason.substring(end);
    }

    /// The framework says first which bundle cannot be resolved, then why, then the list again.
    private static String requirement(String message) {
        int from = message.indexOf("missing requirement");
        int to = message.indexOf(" Unresolved requirements:");
        String core = message.substring(Math.max(from, 0), to > from ? to : message.length());
        return "unresolved: " + core.strip();
    }

    private static String cause(BundleException e) {
        Throwable cause = e.getCause();
        return cause == null ? String.valueOf(e.getMessage()) : Failure.reason(cause);
    }
}
