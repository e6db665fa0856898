// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell;

import org.apache.felix.service.command.annotations.GogoCommand;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.taskwatch.api.tool.WebServer;
import org.taskwatch.api.tool.WebServer.Right;
import org.taskwatch.control.Commands;
import org.taskwatch.control.Declaration;

import java.io.IOException;

/// The command that starts and stops the web server.
@Component(service = DeclaredCommand.class)
@GogoCommand(scope = "task", function = "web")
public final class WebCommand implements DeclaredCommand {
    private final WebServer server;

    /// Makes the command.
    ///
    /// @param server what it starts
    @Activate
    public WebCommand(@Reference WebServer server) {
        this.server = server;
    }

    @Override
    public Declaration declaration() {
        return Commands.WEB;
    }

    @Override
    public @Nullable ExitStatus run(Call call) throws CommandException {
        if (call.arguments().has("stop")) {
            server.stop();
            return null;
        }
        try {
            Right right = call.arguments().has("control") ? Right.CONTROL : Right.SEE;
            System.out.println(server.start(right));
        } catch (IOException e) {
            throw call.failed(String.valueOf(e.getMessage()));
        }
        return null;
    }
}
