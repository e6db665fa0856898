// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.control;

import org.apache.felix.gogo.jline.Builtin;
import org.apache.felix.gogo.jline.Converters;
import org.apache.felix.gogo.jline.Posix;
import org.apache.felix.gogo.jline.Procedural;
import org.apache.felix.gogo.jline.Shell;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.Converter;
import org.apache.felix.service.threadio.ThreadIO;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

import java.util.List;
import java.util.Map;

/// Registers the commands of the bundle `org.apache.felix.gogo.jline`, in the scope `gogo`, and its
/// converters, which print bundles and services.
///
/// That bundle is resolved but never started: once started, it takes the standard input of the
/// process for its terminal, and at its end stops the framework.
@Component(service = {})
public final class GogoCommands {
    private static final String[] BUILTIN = {
        "format",
        "getopt",
        "new",
        "set",
        "tac",
        "type",
        "jobs",
        "fg",
        "bg",
        "keymap",
        "setopt",
        "unsetopt",
        "complete",
        "history",
        "widget",
        "__files",
        "__directories"
    };
    private static final String[] PROCEDURAL = {
        "each", "if", "not", "throw", "try", "until", "while", "break", "continue"
    };
    private static final String[] POSIX = {
        "cat", "echo", "grep", "sort", "sleep", "cd", "pwd", "ls", "less", "watch", "head", "tail",
        "clear", "wc", "date"
    };
    private static final String[] SHELL = {"gosh", "sh", "source"};

    private final BundleContext context;
    private final List<ServiceRegistration<?>> registrations;

    /// Registers the commands.
    ///
    /// @param context registers them
    /// @param processor executes commands that commands execute
    /// @param threadIo gives a shell in a shell its standard streams
    @Activate
    public GogoCommands(
            BundleContext context,
            @Reference CommandProcessor processor,
            @Reference ThreadIO threadIo) {
        this.context = context;
        ShellContext shellContext = new ShellContext(ControlServer.base(context));
        Shell shell = new Shell(shellContext, processor, threadIo, ShellContext.PROFILE);
        BundleContext system =
                context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).getBundleContext();
        registrations =
                List.of(
                        context.registerService(Converter.class, new Converters(system), null),
                        register(new Builtin(), BUILTIN),
                        register(new Procedural(), PROCEDURAL),
                        register(new Posix(processor), POSIX),
                        register(shell, SHELL),
                        register(new HelpCommand(shell), "help"));
    }

    /// Unregisters the commands.
    @Deactivate
    public void deactivate() {
        registrations.forEach(ServiceRegistration::unregister);
    }

    private ServiceRegistration<?> register(Object commands, String... functions) {
        return context.registerService(
                commands.getClass().getName(),
                commands,
                FrameworkUtil.asDictionary(
                        Map.of(
                                CommandProcessor.COMMAND_SCOPE,
                                "gogo",
                                CommandProcessor.COMMAND_FUNCTION,
                                functions)));
    }
}
