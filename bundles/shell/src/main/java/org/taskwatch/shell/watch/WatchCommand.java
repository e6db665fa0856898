// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.watch;

import org.apache.felix.service.command.annotations.GogoCommand;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.taskwatch.api.Capture;
import org.taskwatch.api.spi.TaskFilters;
import org.taskwatch.api.tool.Modules;
import org.taskwatch.api.tool.WatcherInfo;
import org.taskwatch.control.Commands;
import org.taskwatch.control.Declaration;
import org.taskwatch.shell.CommandException;
import org.taskwatch.shell.DeclaredCommand;
import org.taskwatch.shell.ExitStatus;
import org.taskwatch.shell.TaskText;
import org.taskwatch.shell.stream.CtrlC;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/// The command that has a line of Java called for events, until it is interrupted or its reader is gone. The watcher is
/// called by its own lane, and prints into a [WatchOutput], which the command's thread shows.
@Component(service = DeclaredCommand.class)
@GogoCommand(scope = "task", function = "watch")
public final class WatchCommand implements DeclaredCommand {
    private static final EnumSet<Capture> USUAL = EnumSet.of(Capture.CMDLINE, Capture.EXE);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long LOOK_MS = 50;
    private static final long CHECK_MS = 1_000;

    private final Modules modules;
    private final TaskFilters filters;
    private final BundleContext context;
    private final AtomicInteger numbers = new AtomicInteger();

    /// Makes the command.
    ///
    /// @param modules tells how the watcher is doing
    /// @param filters reads the filter
    /// @param context knows the base, and has the output registered
    @Activate
    public WatchCommand(
            @Reference Modules modules, @Reference TaskFilters filters, BundleContext context) {
        this.modules = modules;
        this.filters = filters;
        this.context = context;
    }

    @Override
    public Declaration declaration() {
        return Commands.WATCH;
    }

    @Override
    public @Nullable ExitStatus run(Call call) throws CommandException {
        WatchRequest request =
                WatchRequest.parse(call, call.arguments().operands().getFirst(), filters);
        Set<Capture> captures = call.arguments().set("capture", Capture.class, USUAL);
        String statements = call.arguments().operands().getLast();
        Thread self = Thread.currentThread();
        try (DeployedWatch watch =
                        DeployedWatch.deploy(
                                context,
                                numbers::incrementAndGet,
                                module ->
                                        new WatchSource(
                                                module,
                                                UUID.randomUUID().toString(),
                                                request.events(),
                                                captures,
                                                request.filter(),
                                                statements));
                CtrlC _ = new CtrlC(call.session(), self::interrupt)) {
            awaitStart(call, watch);
            show(call, watch, System.out);
        } catch (IOException e) {
            throw call.failed("cannot write the source into the folder deploy: " + e);
        } catch (InterruptedException e) {
            // Ctrl-C, or the client is gone: the ordinary end. The thread belongs to this command
            // alone.
        }
        return null;
    }

    private static void awaitStart(Call call, DeployedWatch watch)
            throws CommandException, InterruptedException {
        Instant end = Instant.now().plus(PATIENCE);
        while (!watch.output().isUsed()) {
            String errors = watch.errors();
            if (!errors.isEmpty()) {
                throw call.failed(errors.strip());
            }
            if (Instant.now().isAfter(end)) {
                throw call.failed(
                        "%s was not deployed within %d s; the log tells why"
                                .formatted(watch.module(), PATIENCE.toSeconds()));
            }
            Thread.sleep(LOOK_MS);
        }
    }

    // The check for an error finds out that the reader is gone.
    private void show(Call call, DeployedWatch watch, PrintStream out)
            throws CommandException, InterruptedException {
        while (!out.checkError()) {
            String line = watch.output().next(CHECK_MS);
            if (line == null) {
                check(call, watch.module());
            }
            for (; line != null; line = watch.output().next()) {
                out.append(TaskText.printable(line)).append('\n');
            }
        }
    }

    private void check(Call call, String module) throws CommandException {
        for (WatcherInfo watcher : modules.watchers()) {
            if (watcher.module().equals(module) && !watcher.suspended().isEmpty()) {
                throw call.failed("it is not called any more: " + watcher.suspended());
            }
        }
    }
}
