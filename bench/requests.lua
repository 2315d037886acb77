-- Requests for wrk: the same events as event-stream.ts makes. Arguments after "--" are NAME=VALUE:
-- prefix, accounts, batch, duplicates, ids, key, routed (0 or 1), verb (record, authorize, capture), holds (a file, to capture).
-- Every thread counts what it sent and keeps its last requests, so that what was under way at the end can be sent again.

local ffi = require("ffi")
ffi.cdef([[ typedef struct { long seconds; long nanoseconds; } bench_time; int clock_gettime(int clock, bench_time *into);
  int getpid(void); int kill(int process, int signal); ]])
local now = ffi.new("bench_time")

local random, floor, format = math.random, math.floor, string.format

local function words(args)
  local found = {}
  for _, word in ipairs(args) do
    local name, value = word:match("^(%w+)=(.*)$")
    if name then found[name] = value end
  end
  return found
end

-- In the main state: one address a thread.
local threads = {}
local addresses
function setup(thread)
  if addresses == nil then
    addresses = {}
    for address in (os.getenv("BENCH_ADDRESSES") or ""):gmatch("[^,]+") do addresses[#addresses + 1] = address end
  end
  thread:set("index", #threads)
  if #addresses > 1 then
    local host, port = addresses[#threads % #addresses + 1]:match("^(.*):(%d+)$")
    thread.addr = wrk.lookup(host, port)[1]
    thread:set("servers", #addresses)
  end
  threads[#threads + 1] = thread
end

-- In each thread.
servers = 1
events, calls, repeats = 0, 0, 0
tail, tail_at, tail_size = {}, 0, 4096
local sent, sent_at, most_sent = {}, 0, 0
local prefix, accounts, batch, duplicates, ordered, routed, verb, holds, after

function init(args)
  local given = words(args)
  prefix, accounts, batch = given.prefix, tonumber(given.accounts), tonumber(given.batch)
  duplicates, ordered, routed = tonumber(given.duplicates), given.ids ~= "random", given.routed == "1"
  verb = given.verb
  most_sent = math.max(64, floor(20000 / batch))
  if batch > 1 or verb ~= "record" then tail_size = 512 end
  if verb == "capture" then holds = io.lines(given.holds) end
  after = " HTTP/1.1\r\nHost: " .. wrk.host .. ":" .. wrk.port ..
    "\r\nAuthorization: Bearer " .. given.key .. "\r\nContent-Type: application/json\r\nContent-Length: "
  ffi.C.clock_gettime(0, now)
  math.randomseed(tonumber(now.nanoseconds) + index * 7919)
end

local second, second_text = 0, ""
local function clock()
  ffi.C.clock_gettime(0, now)
  local seconds, milliseconds = tonumber(now.seconds), floor(tonumber(now.nanoseconds) / 1000000)
  if seconds ~= second then second, second_text = seconds, os.date("!%Y-%m-%dT%H:%M:%S", seconds) end
  return seconds * 1000 + milliseconds, format("%s.%03dZ", second_text, milliseconds)
end

local function id(milliseconds)
  local version, high, low = "7", floor(milliseconds / 65536), milliseconds % 65536
  if not ordered then version, high, low = "4", random(0, 16777215) * 256 + random(0, 255), random(0, 65535) end
  return format("%08x-%04x-%s%03x-8%03x-%06x%06x", high, low, version, random(0, 4095), random(0, 4095),
    random(0, 16777215), random(0, 16777215))
end

local function account()
  if not routed then return prefix .. random(0, accounts - 1) end
  return prefix .. (random(0, floor(accounts / servers) - 1) * servers + index % servers)
end

local function event(of, milliseconds, time)
  local count = random(1, 3)
  calls = calls + count
  local rest = verb == "authorize" and '"seconds":3600' or '"time":"' .. time .. '"'
  return format('{"id":"%s","account":"%s","meter":"liveness.basic.authority","calls":%d,%s}',
    id(milliseconds), of, count, rest)
end

local function body()
  local milliseconds, time = clock()
  local of = account()
  events = events + batch
  if batch == 1 then return event(of, milliseconds, time) end
  local parts = {}
  for at = 1, batch do parts[at] = event(of, milliseconds, time) end
  return "[" .. table.concat(parts, ",") .. "]"
end

local function message(path, content)
  return "POST " .. path .. after .. #content .. "\r\n\r\n" .. content
end

-- Answers the request, and what to keep of it for sending it again; nothing when all holds are captured.
local function capture()
  local line = holds and holds()
  if line == nil then return nil end
  local of, hold, count = line:match('"account":"(.-)","id":"(.-)","calls":(%d+)')
  events, calls = events + 1, calls + tonumber(count)
  return message("/v1/authorizations/" .. hold .. "/capture", '{"account":"' .. of .. '"}'), line
end

local function ask()
  if verb == "capture" then return capture() end
  local content = body()
  return message(verb == "authorize" and "/v1/authorizations" or "/v1/events", content), content
end

-- As Ctrl-C does, so that wrk's own figures are of the time until now.
local function stop_early()
  holds = nil
  ffi.C.kill(ffi.C.getpid(), 2)
  wrk.thread:stop()
end

local last

function request()
  if duplicates > 0 and #sent > 0 and random() < duplicates then
    repeats = repeats + batch
    return sent[random(#sent)]
  end
  local whole, content = ask()
  if whole == nil then
    if holds then stop_early() end
    return last
  end
  last = whole
  if duplicates > 0 then
    sent[sent_at % most_sent + 1] = whole
    sent_at = sent_at + 1
  end
  -- wrk asks once before it starts, and does not send that one: it stays in the tail.
  if tail_at == 0 then first = content end
  tail[tail_at % tail_size + 1] = content
  tail_at = tail_at + 1
  return whole
end

-- In the main state again.
function done(summary, latency, requests)
  local out = assert(io.open(os.getenv("BENCH_OUT"), "w"))
  local counts = { events = 0, calls = 0, repeats = 0 }
  for _, thread in ipairs(threads) do
    for name in pairs(counts) do counts[name] = counts[name] + thread:get(name) end
  end
  local errors = summary.errors
  out:write(format(
    '{"requests":%d,"seconds":%.6f,"p50":%.3f,"p99":%.3f,"most":%.3f,"events":%d,"calls":%d,"repeats":%d,"failures":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    latency.max / 1000, counts.events, counts.calls, counts.repeats,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
  for _, thread in ipairs(threads) do
    if thread:get("first") then out:write(thread:get("first"), "\n") end
    for _, content in ipairs(thread:get("tail")) do out:write(content, "\n") end
  end
  out:close()
end
