# Answers over eight seconds. SIGTERM: what is under way is finished.
import http.server, signal, threading, time


class Slow(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.send_response(200)
        self.send_header("content-length", str(80 * 1000 + len("last-byte")))
        self.end_headers()
        for _ in range(80):
            self.wfile.write(b"x" * 1000)
            self.wfile.flush()
            time.sleep(0.1)
        self.wfile.write(b"last-byte")


server = http.server.ThreadingHTTPServer(("", 8080), Slow)
server.daemon_threads = False
signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
server.serve_forever()
server.server_close()
