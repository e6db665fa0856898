// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpHandler;

import org.junit.Test;
import org.osgi.framework.ServiceRegistration;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// What becomes of requests while services come and go, and how many there can be.
public class RequestsTest extends WebFixture {
    @Test
    public void shouldGiveAPathToTheHighestRankingAndThenToTheNext() throws Exception {
        serve("/hello", 1, text("low"));
        ServiceRegistration<HttpHandler> high = serve("/hello", 2, text("high"));
        assertThat(body(get("/hello"))).isEqualTo("high");

        high.unregister();
        assertThat(body(get("/hello"))).isEqualTo("low");
    }

    @Test
    public void shouldAnswerThatAHandlerHasFailedAndGoOn() throws Exception {
        serve(
                "/bad",
                0,
                _ -> {
                    throw new IllegalStateException("bad");
                });
        assertThat(status(get("/bad"))).isEqualTo("500");
        assertThat(status(get("/bad"))).isEqualTo("500");
    }

    @Test
    public void shouldKeepAServiceFromGoingWhileARequestIsInside() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        ServiceRegistration<HttpHandler> slow =
                serve(
                        "/slow",
                        0,
                        _ -> {
                            inside.countDown();
                            try {
                                new CountDownLatch(1).await();
                            } catch (InterruptedException e) {
                                interrupted.countDown();
                            }
                            awaitUninterruptibly(go);
                        });
        open("GET /slow", host(), bearer());
        inside.await();

        CompletableFuture<Void> gone = CompletableFuture.runAsync(slow::unregister);
        interrupted.await();
        assertThat(gone).isNotDone();
        await().until(() -> status(get("/slow")).equals("404"));
        go.countDown();
        gone.get(20, TimeUnit.SECONDS);
    }

    @Test
    public void shouldNotWaitForARequestThatMakesItsOwnServiceGo() throws Exception {
        List<ServiceRegistration<HttpHandler>> own = new ArrayList<>();
        own.add(
                serve(
                        "/end",
                        0,
                        exchange -> {
                            own.getFirst().unregister();
                            text("ended").handle(exchange);
                        }));
        assertThat(body(get("/end"))).isEqualTo("ended");
        assertThat(status(get("/end"))).isEqualTo("404");
    }

    @Test
    public void shouldGiveUpWaitingAtTheDeadline() throws Exception {
        stop();
        start("50");
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        ServiceRegistration<HttpHandler> hung = hold("/hung", inside, go);
        open("GET /hung", host(), bearer());
        inside.await();

        long start = System.nanoTime();
        hung.unregister();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(50_000_000);
        go.countDown();
    }

    @Test
    public void shouldServeNoMoreRequestsAtATimeThanAreAllowed() throws Exception {
        CountDownLatch inside = new CountDownLatch(Front.MOST_REQUESTS);
        CountDownLatch go = new CountDownLatch(1);
        hold("/slow", inside, go);
        for (int i = 0; i < Front.MOST_REQUESTS; i++) {
            open("GET /slow", host(), bearer());
        }
        inside.await();

        assertThat(status(get("/"))).isEqualTo("503");
        go.countDown();
        await().until(() -> status(get("/")).equals("200"));
    }

    @Test
    public void shouldCloseConnectionsThatAreTooMany() throws Exception {
        for (int i = 0; i < Listener.MOST_CONNECTIONS; i++) {
            sockets.add(new Socket(InetAddress.getLoopbackAddress(), address.getPort()));
        }
        await().until(() -> {
            try {
                return get("/").isEmpty();
            } catch (IOException e) {
                return true; // reset
            }
        });
        sockets.removeLast().close();
        sockets.removeLast().close();
        sockets.removeLast().close();
        await().ignoreExceptions().until(() -> status(get("/")).equals("200"));
    }

    /// Serves requests that tell when they are inside, and stay there whatever interrupts them.
    private ServiceRegistration<HttpHandler> hold(
            String path, CountDownLatch inside, CountDownLatch go) {
        return serve(
                path,
                0,
                _ -> {
                    inside.countDown();
                    awaitUninterruptibly(go);
                });
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException _) {
                // again
            }
        }
    }
}
