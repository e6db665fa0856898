// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.webconsole;

import jakarta.servlet.Servlet;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.apache.felix.webconsole.servlet.AbstractServlet;
import org.apache.felix.webconsole.servlet.ServletConstants;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.taskwatch.api.tool.WebServer;
import org.taskwatch.api.tool.WebServer.Right;

import java.io.IOException;
import java.net.URI;

/// The entry "Tasks" of the console: our page in a frame. All below `app/` is what our own web server answers. To load the page
/// starts that; to ask on does not, so it can be stopped while a page is open. Safe for all threads.
@Component(
        service = Servlet.class,
        property = {
            ServletConstants.PLUGIN_LABEL + "=taskwatch",
            ServletConstants.PLUGIN_TITLE + "=Tasks",
            ServletConstants.PLUGIN_CATEGORY + "=Main"
        })
public final class TasksPlugin extends AbstractServlet {
    private static final long serialVersionUID = 1;

    private static final String APP = "/app";
    private static final String FRAME =
            "<iframe src=\"%s/\" title=\"Tasks\""
                    + " style=\"width:100%%;height:80vh;border:0\"></iframe>";

    private final transient WebServer server;
    private final transient Forwarder forwarder = new Forwarder();

    /// Made by Declarative Services.
    ///
    /// @param server serves the page
    @Activate
    public TasksPlugin(@Reference WebServer server) {
        this.server = server;
    }

    /// Ends the requests that are inside, and waits for them.
    @Deactivate
    void close() {
        forwarder.close();
    }

    /// Nothing is answered to a GET of the entry itself: the console makes the page around [#renderContent] then.
    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        String app = app(request);
        String path = request.getRequestURI();
        if (path.startsWith(app + "/")) {
            answer(request, response, path.substring(app.length()));
        } else if (!request.getMethod().equals("GET")) {
            Refusal.tell(response, HttpServletResponse.SC_METHOD_NOT_ALLOWED, "GET is answered");
        }
    }

    private static String app(HttpServletRequest request) {
        return request.getAttribute(ServletConstants.ATTR_PLUGIN_ROOT) + APP;
    }

    private void answer(HttpServletRequest request, HttpServletResponse response, String path)
            throws IOException {
        if (!SameOrigin.isGivenIfNeeded(request)) {
            Refusal.tell(
                    response,
                    HttpServletResponse.SC_FORBIDDEN,
                    "what changes something must come from this origin");
            return;
        }
        URI address = address(path);
        if (address == null) {
            Refusal.tell(
                    response,
                    HttpServletResponse.SC_SERVICE_UNAVAILABLE,
                    "the web server is stopped; load the page again to start it");
        } else {
            forwarder.forward(request, response, address, path);
        }
    }

    /// {@return the address of our server with the token, null if it does not run}
    private @Nullable URI address(String path) throws IOException {
        return path.equals("/") ? server.start(Right.CONTROL) : server.running(Right.CONTROL);
    }

    @Override
    public void renderContent(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        response.getWriter().println(FRAME.formatted(app(request)));
    }
}
