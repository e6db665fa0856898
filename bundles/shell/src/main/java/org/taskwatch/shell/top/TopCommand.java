// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.top;

import org.apache.felix.gogo.jline.Shell;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Process;
import org.apache.felix.service.command.annotations.GogoCommand;
import org.jline.terminal.Terminal;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.WatchTask;
import org.taskwatch.shell.Outlet;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Dictionary;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// The command that shows the busiest forkers and the shortest lives.
@Component(service = TopCommand.class)
@GogoCommand(scope = "task", function = "top")
public final class TopCommand {
    /// How long to watch for the one view that is printed where there is no terminal.
    private static final long ONE_VIEW_SECONDS = 2;

    /// How many lines that view has.
    private static final int ONE_VIEW_LINES = 25;

    private static final int STANDARD_OUTPUT = 1;

    private final BundleContext context;

    /// Makes the command.
    ///
    /// @param context registers a watcher for each view, as long as it is shown
    @Activate
    public TopCommand(BundleContext context) {
        this.context = context;
    }

    /// Shows the view, until `q` or Ctrl-C; without a terminal prints it once.
    ///
    /// @param session the session of the caller
    /// @throws IOException if the terminal fails
    /// @throws InterruptedException if the client is gone before the one view could be printed
    @Descriptor(
            "show the processes that fork most often and those that lived shortest, in the last ten"
                    + " seconds, drawn again each second until q; without a terminal, once")
    public void top(CommandSession session) throws IOException, InterruptedException {
        Activity activity = new Activity(System::nanoTime);
        Outlet outlet = Outlet.of(session);
        ServiceRegistration<TaskWatcher> registration =
                context.registerService(TaskWatcher.class, activity, properties());
        try {
            Terminal terminal = terminal(session);
            if (terminal == null) {
                TimeUnit.SECONDS.sleep(ONE_VIEW_SECONDS);
                ViewText.lines(activity.view(), ONE_VIEW_LINES, outlet.style())
                        .forEach(System.out::println);
            } else {
                show(terminal, outlet, activity);
            }
        } finally {
            registration.unregister();
        }
    }

    private static void show(Terminal terminal, Outlet outlet, Activity activity)
            throws IOException {
        try (Screen screen = new Screen(terminal, outlet)) {
            screen.show(activity);
        } catch (InterruptedIOException e) {
            // The client is gone: nobody looks any more.
            Thread.interrupted(); // what it waits for on its way out is short, and must be done
        }
    }

    /// {@return the terminal that the output goes to, null if it goes elsewhere, as into a pipe, or
    /// to a terminal that can't place its cursor}
    private static @Nullable Terminal terminal(CommandSession session) {
        Terminal terminal = Shell.getTerminal(session);
        boolean isShown =
                terminal != null
                        && !terminal.getType().startsWith(Terminal.TYPE_DUMB)
                        && Process.Utils.current().isTty(STANDARD_OUTPUT);
        return isShown ? terminal : null;
    }

    private static Dictionary<String, Object> properties() {
        return FrameworkUtil.asDictionary(
                Map.of(
                        WatchTask.WATCH_TASK,
                        new String[] {TaskEvent.CLONE.name(), TaskEvent.EXIT.name()},
                        WatchTask.THREADS,
                        false));
    }
}
