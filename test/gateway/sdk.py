# The official Python SDK as customers use it. In: {endpoint, secretId, secretKey, calls: [{action, body, method?, unsigned?, language?}]}.
# Out: for each call its answer, or the code and message of the exception.

import json
import sys

from tencentcloud.common import credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.faceid.v20180301 import faceid_client, models

asked = json.load(sys.stdin)
answers = []
for call in asked["calls"]:
    http = HttpProfile(protocol="http", endpoint=asked["endpoint"], reqMethod=call.get("method", "POST"))
    profile = ClientProfile(httpProfile=http, signMethod="TC3-HMAC-SHA256", language=call.get("language", "zh-CN"))
    profile.unsignedPayload = call.get("unsigned", False)
    client = faceid_client.FaceidClient(
        credential.Credential(asked["secretId"], asked["secretKey"]), "ap-guangzhou", profile
    )
    request = getattr(models, call["action"] + "Request")()
    request.from_json_string(json.dumps(call["body"]))
    try:
        answers.append(json.loads(getattr(client, call["action"])(request).to_json_string()))
    except TencentCloudSDKException as error:
        answers.append({"code": error.get_code(), "message": error.get_message()})
print(json.dumps(answers))
