# Asks a server at a steady rate and says what became of it: "S second answered failed" each second, "F time what" for each failure.
# Each request is sent once. Half of the workers keep their connection; the others open one for each request, to HOST-raw. SIGTERM: what is under way is finished.
# Names are looked up once: what the cluster's name server does on a bad day is not the mesh's.
import http.client, signal, socket, sys, threading, time

host, rate, workers = sys.argv[1], float(sys.argv[2]), 4


def look_up(name):
    for _ in range(60):
        try:
            return socket.gethostbyname(name)
        except OSError:
            time.sleep(1)
    sys.exit("no address of " + name)


kept, fresh = look_up(host), look_up(host + "-raw")
stop = threading.Event()
lock = threading.Lock()
tally = {}


def note(ok, what=""):
    now = time.time()
    with lock:
        counts = tally.setdefault(int(now), [0, 0])
        counts[0 if ok else 1] += 1
        if not ok:
            print("F %.3f %s" % (now, what), flush=True)


def work(keep):
    connection = None
    due = time.monotonic()
    while not stop.is_set():
        due = max(due + workers / rate, time.monotonic() - 1)
        time.sleep(max(0, due - time.monotonic()))
        try:
            if connection is None:
                connection = http.client.HTTPConnection(kept if keep else fresh, timeout=10)
            connection.request("GET", "/", headers={"Host": host, "User-Agent": "tanja-load-in-clear"})
            response = connection.getresponse()
            body = response.read()
            if response.status == 200 and b"Welcome" in body:
                note(True)
            else:
                note(False, "status %d %r" % (response.status, body[:60]))
            if not keep or response.will_close:
                connection.close()
                connection = None
        except Exception as e:
            note(False, "%s %s" % (type(e).__name__, e))
            if connection is not None:
                connection.close()
            connection = None


signal.signal(signal.SIGTERM, lambda *_: stop.set())
threads = [threading.Thread(target=work, args=(i % 2 == 0,)) for i in range(workers)]
for thread in threads:
    thread.start()
told = set()
while any(thread.is_alive() for thread in threads) or len(told) < len(tally):
    stop.wait(0.2)
    if stop.is_set():
        time.sleep(0.2)
    with lock:
        ending = not any(thread.is_alive() for thread in threads)
        for second in sorted(tally):
            if second not in told and (ending or second < int(time.time()) - 1):
                told.add(second)
                print("S %d %d %d" % (second, *tally[second]), flush=True)
