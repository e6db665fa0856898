// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.failure;

/// Ends the command with one line on the standard error and an exit status.
public final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// What was asked for could not be done.
    public static final int FAILED = 1;

    /// Wrong use of the command.
    public static final int USAGE = 2;

    /// No instance runs on the base.
    public static final int NO_INSTANCE = 3;

    private final int status;

    /// Makes a failure.
    ///
    /// @param status the exit status
    /// @param message one line for a person
    public Failure(int status, String message) {
        super(message);
        this.status = status;
    }

    /// Makes a failure with the status [#FAILED].
    ///
    /// @param message one line for a person
    public Failure(String message) {
        this(FAILED, message);
    }

    /// {@return the exit status}
    public int status() {
        return status;
    }

    /// {@return what went wrong, in one line}
    ///
    /// @param failure what was thrown
    public static String reason(Throwable failure) {
        String message = failure.getMessage();
        String kind = failure.getClass().getSimpleName();
        String text =
                switch (failure) {
                    case java.nio.file.AccessDeniedException denied ->
                            denied.getFile() + ": permission denied";
                    case java.nio.file.NoSuchFileException missing ->
                            missing.getFile() + ": no such file or directory";
                    case java.nio.file.FileAlreadyExistsException exists ->
                            exists.getFile() + ": is there already and is no directory";
                    case java.nio.file.FileSystemException other when other.getReason() != null ->
                            other.getFile() + ": " + other.getReason();
                    default -> message == null ? kind : kind + ": " + message;
                };
        return text.replaceAll("\\s*[\\r\\n]+\\s*", " ");
    }
}
