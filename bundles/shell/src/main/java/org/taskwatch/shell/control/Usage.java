// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.control;

import org.apache.felix.gogo.jline.Shell;
import org.apache.felix.gogo.runtime.CommandProxy;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Parameter;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Tells how a command is used, by the annotations that `help` shows.
final class Usage {
    private Usage() {}

    /// {@return the usage of a command in one line}
    ///
    /// @param session knows the commands
    /// @param name the name of the command without its scope
    static String of(CommandSession session, String name) {
        String command = Shell.resolve(session, name);
        List<Method> methods = methods(session, command, name);
        return methods.size() == 1
                ? command + ": wrong arguments; usage: " + command + parameters(methods.getFirst())
                : command + ": wrong arguments; see help " + command;
    }

    private static List<Method> methods(CommandSession session, String command, String name) {
        if (!(session.get(command) instanceof CommandProxy proxy)) {
            return List.of();
        }
        try {
            return Arrays.stream(proxy.getTarget().getClass().getMethods())
                    .filter(method -> method.getName().equalsIgnoreCase(name))
                    .filter(method -> method.getDeclaringClass() != Object.class)
                    .toList();
        } finally {
            proxy.ungetTarget();
        }
    }

    private static String parameters(Method method) {
        return Stream.of(method.getParameters())
                .filter(parameter -> parameter.getType() != CommandSession.class)
                .map(Usage::parameter)
                .collect(Collectors.joining());
    }

    private static String parameter(java.lang.reflect.Parameter parameter) {
        String value = parameter.getName().toUpperCase(Locale.ROOT);
        Parameter option = parameter.getAnnotation(Parameter.class);
        if (option == null) {
            return parameter.isVarArgs() ? " [" + value + "]" : " " + value;
        }
        String name = option.names()[option.names().length - 1];
        return option.presentValue().equals(Parameter.UNSPECIFIED)
                ? " [" + name + " " + value + "]"
                : " [" + name + "]";
    }
}
