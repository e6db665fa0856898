// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.page;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.taskwatch.api.tool.TaskTable;
import org.taskwatch.api.web.WebPath;

import java.io.IOException;

/// The processes, for the page: all, or those that the parameter `q` finds.
@Component
@WebPath("/page/processes")
public final class ProcessesPath implements HttpHandler {
    private final TaskTable table;

    /// Made by Declarative Services, when the server is started.
    ///
    /// @param table has the processes
    @Activate
    public ProcessesPath(@Reference TaskTable table) {
        this.table = table;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        String search = Replies.parameter(exchange, "q");
        Replies.json(exchange, new ProcessTree(table.tasks()).rows(search));
    }
}
