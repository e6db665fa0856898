// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.control;

import org.apache.felix.gogo.runtime.CommandNotFoundException;
import org.apache.felix.gogo.runtime.SyntaxError;
import org.apache.felix.service.command.CommandSession;
import org.taskwatch.shell.CommandException;

import java.io.InterruptedIOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.channels.ClosedByInterruptException;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the user of a failed command is told.
final class Failure {
    /// How Gogo says that no method of a command takes the arguments given. It has no exception of
    /// its own for it.
    private static final Pattern CANNOT_COERCE = Pattern.compile("Cannot coerce (\\w+)\\(.*");

    private Failure() {}

    /// {@return what to tell about an exception, in one line, with the exit status}
    ///
    /// @param session where it was thrown
    /// @param exception what a command, or Gogo, has thrown
    static CommandException of(CommandSession session, Exception exception) {
        return switch (unwrapped(exception)) {
            case CommandException e -> e;
            case CommandNotFoundException e -> failed("no such command: " + e.getCommand());
            case SyntaxError e -> misused("syntax error: " + e.getMessage());
            case InterruptedException _ -> failed("interrupted");
            case InterruptedIOException _ -> failed("interrupted");
            case ClosedByInterruptException _ -> failed("interrupted");
            case IllegalArgumentException e -> ofArguments(session, e);
            case IllegalStateException e when e.getMessage() != null -> failed(e.getMessage());
            case Throwable e -> failed(text(e));
        };
    }

    /// Gogo wraps errors of the VM and incomplete command lines into exceptions of the JDK.
    private static Throwable unwrapped(Exception exception) {
        Throwable cause = exception.getCause();
        boolean wraps =
                cause instanceof SyntaxError
                        || exception instanceof InvocationTargetException
                        || exception instanceof ExecutionException;
        return wraps && cause != null ? cause : exception;
    }

    private static CommandException ofArguments(
            CommandSession session, IllegalArgumentException e) {
        String message = String.valueOf(e.getMessage());
        Matcher matcher = CANNOT_COERCE.matcher(message);
        return misused(matcher.matches() ? Usage.of(session, matcher.group(1)) : message);
    }

    private static CommandException failed(String message) {
        return new CommandException(CommandException.FAILED, oneLine(message));
    }

    private static CommandException misused(String message) {
        return new CommandException(CommandException.MISUSED, oneLine(message));
    }

    private static String text(Throwable e) {
        String name = e.getClass().getSimpleName();
        return e.getMessage() == null ? name : name + ": " + e.getMessage();
    }

    private static String oneLine(String message) {
        return message.strip().replaceAll("\\s*\\R\\s*", "; ");
    }
}
