// The official Go SDK's common client as customers use it. In and out as ../sdk.py has them.
package main

import (
	"encoding/json"
	"os"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/errors"
	tchttp "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/http"
	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/profile"
)

type call struct {
	Action   string                 `json:"action"`
	Body     map[string]interface{} `json:"body"`
	Method   string                 `json:"method"`
	Unsigned bool                   `json:"unsigned"`
	Language string                 `json:"language"`
}

type asked struct {
	Endpoint  string `json:"endpoint"`
	SecretID  string `json:"secretId"`
	SecretKey string `json:"secretKey"`
	Calls     []call `json:"calls"`
}

func answerOf(asked asked, call call) interface{} {
	own := profile.NewClientProfile()
	own.HttpProfile.Scheme = "HTTP"
	own.HttpProfile.Endpoint = asked.Endpoint
	own.UnsignedPayload = call.Unsigned
	if call.Method != "" {
		own.HttpProfile.ReqMethod = call.Method
	}
	if call.Language != "" {
		own.Language = call.Language
	}
	client := common.NewCommonClient(common.NewCredential(asked.SecretID, asked.SecretKey), "ap-guangzhou", own)
	request := tchttp.NewCommonRequest("faceid", "2018-03-01", call.Action)
	if err := request.SetActionParameters(call.Body); err != nil {
		panic(err)
	}
	response := tchttp.NewCommonResponse()
	if err := client.Send(request, response); err != nil {
		if said, ok := err.(*errors.TencentCloudSDKError); ok {
			return map[string]string{"code": said.GetCode(), "message": said.GetMessage()}
		}
		panic(err)
	}
	var whole struct {
		Response json.RawMessage
	}
	if err := json.Unmarshal(response.GetBody(), &whole); err != nil {
		panic(err)
	}
	return whole.Response
}

func main() {
	var given asked
	if err := json.NewDecoder(os.Stdin).Decode(&given); err != nil {
		panic(err)
	}
	answers := []interface{}{}
	for _, each := range given.Calls {
		answers = append(answers, answerOf(given, each))
	}
	if err := json.NewEncoder(os.Stdout).Encode(answers); err != nil {
		panic(err)
	}
}
